"""The form of a mail server."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from mail.models import MailServer


def port(label: Any, initial: int) -> forms.IntegerField:
    """A TCP port."""
    return forms.IntegerField(label=label, min_value=1, max_value=65535, initial=initial)


class MailServerForm(PortalForm):
    """Where a mail server is found, by us and by customers."""

    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=MailServer.Kind.choices)
    host = forms.RegexField(
        label=_("Host"),
        regex=r"^[A-Za-z0-9.:-]+$",
        max_length=253,
        help_text=_("Where the proxy and deliveries find it: a name or an address."),
    )
    imap_port = port(_("IMAP port"), 143)
    pop3_port = port(_("POP3 port"), 110)
    lmtp_port = port(_("LMTP port"), 24)
    sieve_port = port(_("ManageSieve port"), 4190)
    doveadm_url = forms.URLField(label=_("doveadm address"), required=False, assume_scheme="https")
    public_host = forms.RegexField(
        label=_("Name for customers"),
        regex=r"^[A-Za-z0-9.-]+$",
        max_length=253,
        help_text=_("What people enter in their mail program."),
    )
    is_default = forms.BooleanField(label=_("New mailboxes go here"), required=False)
