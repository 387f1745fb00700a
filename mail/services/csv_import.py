"""Mailboxes and aliases from a CSV file: a dry run with a verdict a row, then all of them or none.

The dry run **is** the run, through the same services, rolled back at the end: so a verdict can never
differ from what applying would do. Only the password hashes are left out of it, which cost time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.models import Domain, User
from accounts.names import to_a_label
from accounts.services.passwords import generate_password
from mail.errors import BulkError
from mail.services.csv_rows import import_alias, import_mailbox
from roguelink.csv_in import CsvRow, read_rows
from roguelink.errors import ServiceError

MAX_ROWS = 2_000

COLUMNS: dict[str, Mapping[str, Sequence[str]]] = {
    "mailbox": {
        "address": ["e-mail", "email", "mailbox", "username", "user", "account"],
        "name": ["full name", "display name", "description"],
        "password": ["pass", "new password"],
        "quota": ["size", "limit", "quota mb"],
        "forwards": ["forward", "forward to", "forwarding"],
        "keep copy": ["keep_copy", "keep", "local copy"],
    },
    "alias": {
        "address": ["alias", "from", "source", "e-mail", "email"],
        "targets": ["target", "goto", "to", "destination", "goes to"],
        "note": ["description", "comment"],
        "until": ["expires", "expires at", "expiry"],
        "active": ["enabled"],
    },
}


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    CHANGE = "change"
    SAME = "no change"
    ERROR = "error"


@dataclass(frozen=True)
class Verdict:
    """A row of the file, what becomes of it, and why. `password` is set only for one that was generated."""

    line: int
    address: str
    outcome: Outcome
    text: str = ""
    password: str = ""


@dataclass(frozen=True)
class Report:
    """Every row's verdict, and whether it was done."""

    verdicts: list[Verdict]
    applied: bool

    def count(self, outcome: str) -> int:
        """How many rows came out so."""
        return sum(verdict.outcome == outcome for verdict in self.verdicts)

    @property
    def counts(self) -> dict[str, int]:
        """The control totals: they add up to the number of rows."""
        return {outcome.value: self.count(outcome) for outcome in Outcome}

    @property
    def has_passwords(self) -> bool:
        """Whether passwords were generated, which are shown this once."""
        return any(verdict.password for verdict in self.verdicts)

    @property
    def can_apply(self) -> bool:
        """No row is wrong, and there is something to do."""
        return not self.count(Outcome.ERROR) and bool(self.count(Outcome.CREATE) + self.count(Outcome.CHANGE))


def read(kind: str, data: bytes) -> list[CsvRow]:
    """The file's rows. Raises roguelink.csv_in.CsvError."""
    return read_rows(data, columns=COLUMNS[kind], required="address", max_rows=MAX_ROWS)


def dry_run(actor: User, *, kind: str, rows: Sequence[CsvRow]) -> Report:
    """What applying would do to each row. Nothing is kept, and no password is hashed."""
    no_passwords = {row.line: make_password(None) for row in rows}
    with transaction.atomic():
        verdicts = _each(actor, kind, rows, no_passwords)
        transaction.set_rollback(True)
    return Report(verdicts, applied=False)


def apply(actor: User, *, kind: str, rows: Sequence[CsvRow]) -> Report:
    """Do it: all rows or none. Passwords that the file does not give are generated and returned, once.

    Raises BulkError, with nothing done, when any row is wrong (now, whatever the dry run said).
    """
    generated = {row.line: generate_password() for row in rows if kind == "mailbox" and not row.get("password")}
    hashes = _hash_all({row.line: row.get("password") or generated.get(row.line, "") for row in rows}, kind)
    with transaction.atomic():
        verdicts = _each(actor, kind, rows, hashes)
        wrong = [verdict for verdict in verdicts if verdict.outcome is Outcome.ERROR]
        if wrong:
            raise BulkError(
                _("Line %(line)s: %(reason)s Nothing was imported.") % {"line": wrong[0].line, "reason": wrong[0].text}
            )
    return Report([_with_password(verdict, generated) for verdict in verdicts], applied=True)


def _each(actor: User, kind: str, rows: Sequence[CsvRow], hashes: Mapping[int, str]) -> list[Verdict]:
    importer: Callable[..., tuple[str, str]] = import_mailbox if kind == "mailbox" else import_alias
    seen: dict[str, int] = {}
    verdicts = []
    _lock_domains(actor, rows)
    for row in rows:
        address = row.get("address").lower()
        try:
            if address in seen:
                raise BulkError(_("This address is on line %(line)s already.") % {"line": seen[address]})
            seen[address] = row.line
            with transaction.atomic():
                outcome, text = importer(actor, row=row, stored_password=hashes.get(row.line, ""))
            verdicts.append(Verdict(row.line, address, Outcome(outcome), text))
        except ServiceError as error:
            verdicts.append(Verdict(row.line, address, Outcome.ERROR, error.message))
    return verdicts


def _lock_domains(actor: User, rows: Sequence[CsvRow]) -> None:
    """The domains of the file, at once and in one order: row by row, two files could wait for each other for ever."""
    names = set()
    for row in rows:
        with contextlib.suppress(DomainError):  # the row's own verdict says so
            names.add(to_a_label(row.get("address").rpartition("@")[2]))
    domains = Domain.objects.visible_to(actor).filter(name__in=names)
    list(domains.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))


def _hash_all(passwords: Mapping[int, str], kind: str) -> dict[int, str]:
    """Hash on all cores; the hashing itself runs outside Python's lock."""
    if kind != "mailbox":
        return {}
    with ThreadPoolExecutor() as pool:
        return dict(zip(passwords, pool.map(_hash, passwords.values()), strict=True))


def _hash(password: str) -> str:
    """A hash; none that opens anything for what cannot be hashed, which no new mailbox is given either."""
    try:
        return make_password(password)
    except ValueError:
        return make_password(None)


def _with_password(verdict: Verdict, generated: Mapping[int, str]) -> Verdict:
    if verdict.outcome is Outcome.CREATE and not verdict.text and verdict.line in generated:
        return replace(verdict, password=generated[verdict.line])
    return verdict
