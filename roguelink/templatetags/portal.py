"""Icons, sizes and form widgets, for every template."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roguelink.sizes import format_size

register = template.Library()

CHECKS = (forms.CheckboxInput,)
SELECTS = (forms.Select, forms.SelectMultiple)
SHORT = (forms.Select, forms.NumberInput, forms.EmailInput, forms.DateInput, forms.DateTimeInput)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite. With a label it speaks for itself; without one it is decoration."""
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" width="20" height="20" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            href,
        )
    return format_html('<svg class="icon" width="20" height="20" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.filter
def filesize(size: int | None) -> str:
    """Bytes as people read them."""
    return "" if size is None else format_size(size)


@register.filter
def size_limit(size: int | None) -> str:
    """A limit in bytes as people read it; none, or 0, is "no limit"."""
    return format_size(size) if size else _("no limit")


def fullness(used: int, limit: int) -> str:
    """How full something is: "full", "nearly" from 90 per cent on, or "fine"."""
    if used >= limit:
        return "full"
    return "nearly" if used * 10 >= limit * 9 else "fine"


@register.simple_tag
def space_used(used: int | None, limit: int) -> SafeString:
    """Bytes used of a limit (0: none), as text and as a bar; in Python because lists have fifty of them."""
    used = used or 0
    if not limit:
        return format_html(
            '<span class="number">{}</span> <span class="text-secondary small">{}</span>',
            format_size(used),
            _("no limit"),
        )
    how_full = fullness(used, limit)
    return format_html(
        '<div class="usage"><span><span class="usage-{}">{}</span> <span class="text-secondary">{}</span>{}</span>'
        '<meter class="quota" min="0" max="{}" low="{}" high="{}" optimum="0" value="{}" aria-label="{}"></meter>'
        "</div>",
        how_full,
        format_size(used),
        _("of %(limit)s") % {"limit": format_size(limit)},
        format_html(' <span class="usage-full">{}</span>', _("full")) if how_full == "full" else "",
        limit,
        limit * 9 // 10,
        limit * 999 // 1000,
        used,
        _("Space used"),
    )


@register.filter
def kind_of_widget(field: BoundField) -> str:
    """What components/field.html has to draw: check, select, group or input."""
    widget = field.field.widget
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, CHECKS):
        return "check"
    return "select" if isinstance(widget, SELECTS) else "input"


@register.filter
def is_short(field: BoundField) -> bool:
    """Whether half the width is enough. A form field may say so by `short`; else its kind and length do."""
    short: bool | None = getattr(field.field, "short", None)
    if short is not None:
        return short
    widget = field.field.widget
    if isinstance(widget, SHORT) or getattr(widget, "input_type", "") == "tel":
        return True
    return 0 < int(widget.attrs.get("maxlength") or 0) <= 100


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The widget with the looks of its kind, red when the field has an error."""
    css = {"check": "form-check-input", "select": "form-select", "input": "form-control", "group": ""}[
        kind_of_widget(field)
    ]
    attrs: dict[str, Any] = {"class": " ".join(filter(None, [field.field.widget.attrs.get("class"), css]))}
    if field.errors:
        attrs["class"] += " is-invalid"
    return field.as_widget(attrs=attrs)
