"""Why mail to an address works, or does not: a word for a list, a sentence for the person on the phone."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Customer, Domain
from mail.models import Alias, Mailbox


def label_of(obj: Mailbox | Alias) -> tuple[str, str]:
    """The key of a badge and the word in it, for a list. `domain__customer` should be loaded."""
    domain = obj.domain
    if obj.is_deleted:
        return "deleted", _("deleted")
    if domain.is_deleted:
        return "danger", _("domain deleted")
    if domain.customer.status != Customer.Status.ACTIVE:
        return "danger", _("customer %(status)s") % {"status": domain.customer.get_status_display()}
    if domain.status == Domain.Status.SUSPENDED:
        return "suspended", _("domain suspended")
    return _label_of_alias(obj) if isinstance(obj, Alias) else (obj.status, obj.get_status_display())


def _label_of_alias(alias: Alias) -> tuple[str, str]:
    if not alias.is_active:
        return "suspended", _("off")
    return ("warning", _("expired")) if alias.has_expired else ("active", _("active"))


def state_of(mailbox: Mailbox) -> tuple[str, str]:
    """The key of a badge (ok, warning, danger) and the sentence. `domain__customer` should be loaded."""
    domain = mailbox.domain
    if mailbox.deleted_at is not None:
        when = date_format(mailbox.deleted_at)
        return "danger", _("Deleted on %(date)s. Mail to it is refused; it can be brought back.") % {"date": when}
    if domain.is_deleted:
        return "danger", _("Its domain is deleted, so mail to it is refused.")
    if domain.customer.status != Customer.Status.ACTIVE:
        return "danger", _("The customer is %(status)s, so no mail arrives and no mail program can sign in.") % {
            "status": domain.customer.get_status_display()
        }
    if domain.status == Domain.Status.SUSPENDED:
        return "danger", _("Its domain is suspended, so no mail arrives and no mail program can sign in.")
    if mailbox.status == Mailbox.Status.SUSPENDED:
        return "danger", _("Suspended: no mail arrives and no mail program can sign in. What is in it stays.")
    return _state_of_working(mailbox)


def _state_of_working(mailbox: Mailbox) -> tuple[str, str]:
    used = mailbox.usage.bytes if hasattr(mailbox, "usage") else 0
    if mailbox.quota_bytes and used >= mailbox.quota_bytes:
        return "danger", _("Full: new mail is refused until something is deleted or the quota is raised.")
    if mailbox.quota_bytes and used * 10 >= mailbox.quota_bytes * 9:
        return "warning", _("Works, but is nearly full.")
    if not mailbox.user.is_active:
        return "warning", _("Mail arrives, but its owner may not sign in: the login is disabled.")
    if not (mailbox.imap or mailbox.pop3):
        return "warning", _("Mail arrives, but it cannot be read: IMAP and POP3 are both off.")
    return "ok", _("Works.")
