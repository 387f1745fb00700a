"""How mail's objects appear in the log."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import Tracked
from accounts.models import User
from mail.models import Alias, AliasDomain, AliasTarget, Forward, Mailbox, MailServer
from mail.services import aliases, mailboxes


def _page(url_name: str, column: str = "id") -> Any:
    """A function that leads from a row to a page."""
    return lambda row: reverse(url_name, args=[row[column]])


def _undo_mailbox(actor: User, mailbox: Mailbox, changes: dict[str, Any]) -> Any:
    if changes == {"status": Mailbox.Status.ACTIVE}:
        return mailboxes.activate_mailbox(actor, mailbox=mailbox)
    if changes == {"status": Mailbox.Status.SUSPENDED}:
        return mailboxes.suspend_mailbox(actor, mailbox=mailbox)
    if changes.keys() == {"deleted_at"}:
        back = mailboxes.restore_mailbox if changes["deleted_at"] is None else mailboxes.delete_mailbox
        return back(actor, mailbox=mailbox)
    return mailboxes.change_mailbox(actor, mailbox=mailbox, version=None, **changes)


def _undo_alias(actor: User, alias: Alias, changes: dict[str, Any]) -> Any:
    if changes.keys() == {"deleted_at"}:
        back = aliases.restore_alias if changes["deleted_at"] is None else aliases.delete_alias
        return back(actor, alias=alias)
    present = {name: getattr(alias, name) for name in ("is_active", "expires_at", "note")}
    targets = list(alias.targets.values_list("target", flat=True))
    return aliases.change_alias(actor, alias=alias, version=None, targets=targets, **(present | changes))


TRACKED = (
    Tracked(
        "mailbox",
        _("mailbox"),
        Mailbox,
        title=lambda row: row["address"],
        url=_page("mail:mailbox-detail"),
        domain_path="domain_id",
        undo=_undo_mailbox,
        undo_columns=frozenset({"name", "quota_bytes", "imap", "pop3", "smtp", "sieve", "status", "deleted_at"}),
    ),
    Tracked(
        "forward",
        _("forward"),
        Forward,
        title=lambda row: row["target"],
        url=_page("mail:mailbox-detail", "mailbox_id"),
        domain_path="mailbox__domain_id",
    ),
    Tracked(
        "alias",
        _("alias"),
        Alias,
        title=lambda row: row["address"],
        url=_page("mail:alias-detail"),
        domain_path="domain_id",
        undo=_undo_alias,
        undo_columns=frozenset({"is_active", "expires_at", "note", "deleted_at"}),
    ),
    Tracked(
        "target",
        _("alias target"),
        AliasTarget,
        title=lambda row: row["target"],
        url=_page("mail:alias-detail", "alias_id"),
        domain_path="alias__domain_id",
    ),
    Tracked(
        "alias domain",
        _("alias domain"),
        AliasDomain,
        title=lambda row: str(_("domain %(id)s") % {"id": row["domain_id"]}),
        url=_page("accounts:domain-detail", "domain_id"),
        domain_path="domain_id",
    ),
    Tracked("mail server", _("mail server"), MailServer, title=lambda row: row["name"]),
)
