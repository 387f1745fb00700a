"""What every template uses: icons, sizes, and the kind and width of a form field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from roguelink.templatetags.portal import fullness, icon, is_short, kind_of_widget, size_limit, space_used


class Sample(forms.Form):
    name = forms.CharField(max_length=200)
    city = forms.CharField(max_length=100)
    phone = forms.CharField(widget=forms.TextInput(attrs={"type": "tel"}))
    kind = forms.ChoiceField(choices=[("a", "A")])
    port = forms.IntegerField()
    notes = forms.CharField(widget=forms.Textarea)
    active = forms.BooleanField()
    days = forms.MultipleChoiceField(choices=[("1", "Monday")], widget=forms.CheckboxSelectMultiple)


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (settings.BASE_DIR / "roguelink/static/vendor/icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        name
        for path in Path(settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text())
    }
    assert named <= drawn


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in icon("plus")
    assert 'role="img" aria-label="Remove"' in icon("x", "Remove")


@pytest.mark.parametrize(("used", "word"), [(0, "fine"), (89, "fine"), (90, "nearly"), (100, "full"), (120, "full")])
def test_a_mailbox_is_nearly_full_from_ninety_per_cent_on(used: int, word: str) -> None:
    assert fullness(used, 100) == word


def test_a_full_mailbox_is_called_full_beside_its_bar() -> None:
    shown = space_used(3 * 1024**3, 2 * 1024**3)
    assert "3 GB" in shown
    assert "of 2 GB" in shown
    assert ">full<" in shown


def test_what_was_never_used_is_empty_and_not_an_error() -> None:
    assert "0 bytes" in space_used(None, 1024**3)


def test_no_limit_is_said_in_words() -> None:
    assert "no limit" in space_used(5, 0)
    assert size_limit(0) == "no limit"
    assert size_limit(2 * 1024**3) == "2 GB"


@pytest.mark.parametrize(("name", "short"), [("name", False), ("city", True), ("phone", True), ("kind", True)])
def test_what_is_short_takes_half_the_width(name: str, short: bool) -> None:
    assert is_short(Sample()[name]) is short


def test_a_field_may_say_itself_how_wide_it_is() -> None:
    form = Sample()
    form.fields["notes"].short = True
    assert is_short(form["notes"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("active", "check"), ("kind", "select"), ("days", "group"), ("port", "input"), ("notes", "input")],
)
def test_a_field_is_drawn_as_its_widget_asks(name: str, kind: str) -> None:
    assert kind_of_widget(Sample()[name]) == kind
