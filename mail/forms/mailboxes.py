"""Forms about mailboxes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.forms.choices import DomainChoiceField
from accounts.forms.fields import SizeField
from accounts.permissions import may
from accounts.services.passwords import generate_password
from mail.addresses import split_targets
from mail.models import Mailbox, MailServer


class PasswordField(forms.CharField):
    """A new password that somebody chooses for another and will read out: shown, one suggested, another at hand."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        kwargs.setdefault("initial", generate_password)
        super().__init__(widget=forms.TextInput(attrs=attrs), strip=False, max_length=128, **kwargs)
        self.generate_url = reverse_lazy("accounts:password-suggestion")


class LocalPartField(forms.CharField):
    """The part of an address before the "@"; the domain has a field of its own beside it."""

    suffix = "@"

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(label=_("Address"), max_length=64, widget=widget, **kwargs)


class TargetsField(forms.CharField):
    """Addresses, one a line; commas and spaces do as well. The value is a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("One address a line."))
        super().__init__(widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}), max_length=50_000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        return split_targets(super().clean(value))


class MailboxCreateForm(PortalForm):
    """A new mailbox."""

    local_part = LocalPartField()
    domain = DomainChoiceField()
    name = forms.CharField(label=_("Name"), max_length=150, required=False, help_text=_("Whose mailbox it is."))
    password = PasswordField(label=_("Password"), required=False)
    quota_bytes = SizeField(label=_("Quota"), required=False, help_text=_("Empty: what is usual in the domain."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may(self.user, "mailbox.quota"):
            del self.fields["quota_bytes"]


class MailboxEditForm(PortalForm):
    """Name, quota and protocols of a mailbox; its server for staff."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    quota_bytes = SizeField(label=_("Quota"), required=False, zero_is_unlimited=True)
    imap = forms.BooleanField(label=_("IMAP"), required=False)
    pop3 = forms.BooleanField(label=_("POP3"), required=False)
    smtp = forms.BooleanField(label=_("Sending (SMTP)"), required=False)
    sieve = forms.BooleanField(label=_("Filters (ManageSieve)"), required=False)
    server = forms.ModelChoiceField(label=_("Mail server"), queryset=MailServer._default_manager.all())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may(self.user, "mailbox.server", self.instance):
            del self.fields["server"]
        if not may(self.user, "mailbox.quota", self.instance):
            del self.fields["quota_bytes"]


class ForwardsForm(PortalForm):
    """Where a mailbox's mail is sent on to."""

    targets = TargetsField(label=_("Forward to"), required=False)
    keep_copy = forms.BooleanField(label=_("Keep a copy here"), required=False)

    def initial_of(self, instance: Mailbox) -> dict[str, Any]:
        return {
            "targets": [forward.target for forward in instance.forwards.all()],
            "keep_copy": instance.keep_copy,
        }


class MailboxPasswordForm(PortalForm):
    """A new password for the owner of a mailbox."""

    new_password = PasswordField(label=_("New password"))
