"""The forms of My account, and of logging in as somebody else."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm


@cache
def time_zones() -> list[tuple[str, str]]:
    """The zones a person can choose from, by region; the machine's odd ones ("Etc/GMT+5", "posixrules") left out."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [(name, name.replace("_", " ")) for name in names]


def time_zone_choices() -> list[tuple[str, Any]]:
    """Every zone, after the ISP's own."""
    return [("", _("The usual one (%(zone)s)") % {"zone": settings.TIME_ZONE}), *time_zones()]


def password_rules() -> str:
    """What a password must be, in sentences."""
    return " ".join(str(text) for text in password_validators_help_texts())


class ProfileForm(PortalForm):
    """Who one is, and how one gets back in."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    recovery_email = forms.EmailField(
        label=_("Recovery address"),
        required=False,
        help_text=_("If you forget your password, a link is sent here. It must be another mailbox than your own."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices, required=False)


class PasswordForm(PortalForm):
    """One's own new password."""

    current_password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=lazy(password_rules, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].generate_url = reverse("accounts:password-suggestion")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "again" in data and "new_password" in data and data["again"] != data["new_password"]:
            self.add_error("again", _("This is not the same password as above."))
        return data


class ReasonForm(PortalForm):
    """Why staff log in as somebody."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The person will be shown it, with your name and the time."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
