"""One row of a CSV file through the same services as the pages: created, changed, or as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from accounts.models import Domain, User
from accounts.names import to_a_label
from mail.addresses import AddressError, check_targets, split_targets
from mail.errors import AliasError, BulkError, MailboxError
from mail.models import Alias, Mailbox
from mail.services import aliases, forwards, mailboxes
from roguelink.csv_in import CsvRow
from roguelink.sizes import format_size, parse_size

TRUE = {"yes", "y", "true", "1", "x", "on"}
FALSE = {"no", "n", "false", "0", "off"}


def import_mailbox(actor: User, *, row: CsvRow, stored_password: str) -> tuple[str, str]:
    """Make or change the mailbox of a row; what happened, and what was changed. An empty cell changes nothing.

    A password is only for a new mailbox: of one that exists it is never changed, so that a file can be applied twice.
    """
    domain, local_part = _split(actor, row.get("address"))
    existing = Mailbox.objects.visible_to(actor).filter(address=f"{local_part}@{domain.name}", deleted_at=None).first()
    if existing is not None:
        return _change_mailbox(actor, existing, row)
    if row.get("password"):
        mailboxes.must_be_strong(row.get("password"))
    keep_copy = _flag(row, "keep copy")
    mailbox = mailboxes.create_mailbox(
        actor,
        domain=domain,
        local_part=local_part,
        stored_password=stored_password,
        name=row.get("name"),
        quota_bytes=_quota(row),
        keep_copy=True if keep_copy is None else keep_copy,
    )
    if row.get("forwards"):
        _set_forwards(actor, mailbox, row)
    if mailbox.user.password != stored_password:
        return "create", _("opens with the password that this person has already")
    return "create", ""


def import_alias(actor: User, *, row: CsvRow, stored_password: str) -> tuple[str, str]:
    """Make or change the alias of a row, as `import_mailbox` does; "*" or nothing before the @ is the catch-all."""
    domain, local_part = _split(actor, row.get("address"), catch_all=True)
    existing = (
        Alias.objects.visible_to(actor)
        .filter(address=f"{local_part}@{domain.name}", deleted_at=None)
        .select_related("domain")
        .first()
    )
    targets = split_targets(row.get("targets"))
    if existing is None:
        is_active = _flag(row, "active")
        aliases.create_alias(
            actor,
            domain=domain,
            local_part=local_part,
            targets=targets,
            catch_all=not local_part,
            is_active=True if is_active is None else is_active,
            expires_at=_until(row),
            note=row.get("note"),
        )
        return "create", ""
    return _change_alias(actor, existing, row, check_targets(targets))


def _change_mailbox(actor: User, mailbox: Mailbox, row: CsvRow) -> tuple[str, str]:
    changes: dict[str, Any] = {}
    if row.get("name") and row.get("name") != mailbox.name:
        changes["name"] = row.get("name")
    quota = _quota(row)
    if quota is not None and quota != mailbox.quota_bytes:
        changes["quota_bytes"] = quota
    told = [f"{_('quota')} {format_size(quota)}" if key == "quota_bytes" and quota else key for key in changes]
    if changes:
        mailboxes.change_mailbox(actor, mailbox=mailbox, version=None, **changes)
    if _forwards_differ(mailbox, row):
        _set_forwards(actor, mailbox, row)
        told.append(_("forwards"))
    return ("change", ", ".join(told)) if told else ("no change", "")


def _change_alias(actor: User, alias: Alias, row: CsvRow, targets: list[str]) -> tuple[str, str]:
    told = []
    present = sorted(alias.targets.values_list("target", flat=True))
    if targets and sorted(targets) != present:
        told.append(_("targets"))
    note = row.get("note") or alias.note
    until = _until(row) or alias.expires_at
    if note != alias.note:
        told.append(_("note"))
    if until != alias.expires_at:
        told.append(_("until"))
    wanted = _flag(row, "active")
    is_active = alias.is_active if wanted is None else wanted
    if is_active != alias.is_active:
        told.append(_("active") if is_active else _("switched off"))
    if not told:
        return "no change", ""
    aliases.change_alias(
        actor,
        alias=alias,
        version=None,
        targets=targets or present,
        is_active=is_active,
        expires_at=until,
        note=note,
    )
    return "change", ", ".join(told)


def _split(actor: User, address: str, *, catch_all: bool = False) -> tuple[Domain, str]:
    """The domain, in scope, and the local part. A domain of somebody else's reads like one that is not there."""
    local_part, at, name = address.strip().lower().rpartition("@")
    local_part = "" if catch_all and local_part == "*" else local_part
    if not at or not (local_part or catch_all):
        raise AddressError(_("“%(address)s” is no address.") % {"address": address})
    domain = Domain.objects.visible_to(actor).live().filter(name=to_a_label(name)).first()
    if domain is None:
        raise BulkError(_("%(name)s is not among your domains.") % {"name": name})
    return domain, local_part


def _forwards_differ(mailbox: Mailbox, row: CsvRow) -> bool:
    keep_copy = _flag(row, "keep copy")
    if keep_copy is not None and keep_copy != mailbox.keep_copy:
        return True
    wanted = check_targets(split_targets(row.get("forwards")))
    return bool(wanted) and sorted(wanted) != sorted(mailbox.forwards.values_list("target", flat=True))


def _set_forwards(actor: User, mailbox: Mailbox, row: CsvRow) -> None:
    keep_copy = _flag(row, "keep copy")
    targets = split_targets(row.get("forwards")) or list(mailbox.forwards.values_list("target", flat=True))
    forwards.set_forwards(
        actor,
        mailbox=mailbox,
        version=None,
        targets=targets,
        keep_copy=mailbox.keep_copy if keep_copy is None else keep_copy,
    )


def _quota(row: CsvRow) -> int | None:
    text = row.get("quota")
    if not text:
        return None
    try:
        return parse_size(text)
    except ValueError as error:
        raise MailboxError(_("“%(text)s” is no size; write 500 MB or 2 GB.") % {"text": text}) from error


def _flag(row: CsvRow, column: str) -> bool | None:
    text = row.get(column).lower()
    if not text:
        return None
    if text in TRUE or text in FALSE:
        return text in TRUE
    raise MailboxError(_("“%(text)s” is neither yes nor no.") % {"text": text})


def _until(row: CsvRow) -> datetime | None:
    """The moment an alias ends: a date means the end of that day, in the person's time zone."""
    text = row.get("until")
    if not text:
        return None
    try:
        moment = parse_datetime(text)
        day = parse_date(text)
    except ValueError:
        moment = day = None
    if day is not None:
        moment = datetime.combine(day, datetime.max.time().replace(microsecond=0))
    if moment is None:
        raise AliasError(_("“%(text)s” is no date; write 2027-12-31.") % {"text": text})
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
