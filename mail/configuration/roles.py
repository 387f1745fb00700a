"""The secrets of the mail servers, and what the database must know before they connect."""

from __future__ import annotations

import json
import os
import re
import secrets as random
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils.translation import gettext as _
from psycopg import sql

from mail.addresses import ALWAYS_REACHED
from roguelink.errors import ServiceError

# What can stand in every one of the files without quoting.
SAFE = re.compile(r"[A-Za-z0-9_.~-]{12,}")


class ConfigurationError(ServiceError):
    """The database or a setting stands in the way; the message says what to do."""


@dataclass(frozen=True)
class Secrets:
    """Passwords of the two roles, and the key of doveadm's HTTP interface."""

    reader_password: str
    writer_password: str
    doveadm_api_key: str


def secrets() -> Secrets:
    """From the settings; what they do not name is made once and kept in var/mail-servers.json (0600)."""
    kept = _kept()
    chosen = {
        "reader_password": settings.MTA_READER_PASSWORD,
        "writer_password": settings.MTA_WRITER_PASSWORD,
        "doveadm_api_key": settings.DOVEADM_API_KEY,
    }
    for name, value in chosen.items():
        if value and not SAFE.fullmatch(value):
            raise ConfigurationError(
                _("%(name)s must have at least 12 characters, of A-Z a-z 0-9 and - _ . ~ only.") % {"name": name}
            )
    return Secrets(**{name: value or kept[name] for name, value in chosen.items()})


def prepare_database(secrets: Secrets, *, postmaster: str) -> None:
    """Give the roles their passwords, and tell the views who the postmaster is. Raises ConfigurationError."""
    for role, password in (("mta_reader", secrets.reader_password), ("mta_writer", secrets.writer_password)):
        if not _opens(role, password):
            _set_password(role, password)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM mta.reserved")
        cursor.executemany(
            "INSERT INTO mta.reserved (local_part, destination) VALUES (%s, %s)",
            [(local_part, postmaster) for local_part in ALWAYS_REACHED],
        )


def _kept() -> dict[str, str]:
    path = Path(settings.VAR_DIR) / "mail-servers.json"
    with suppress(FileNotFoundError):
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return known
    fresh = asdict(Secrets(*(random.token_urlsafe(24) for _secret in range(3))))
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(fresh, file, indent=1)
    with suppress(FileExistsError):  # another process was quicker: its secrets hold
        path.hardlink_to(mine)
    mine.unlink()
    return _kept()


def _opens(role: str, password: str) -> bool:
    """Whether the role signs in with this password already. Where it does, nothing needs to be altered."""
    known = connection.settings_dict
    with suppress(psycopg.OperationalError):
        psycopg.connect(
            host=known["HOST"],
            port=known["PORT"] or None,
            dbname=known["NAME"],
            user=role,
            password=password,
            connect_timeout=5,
        ).close()
        return True
    return False


def _set_password(role: str, password: str) -> None:
    """Set it in its encrypted form, so that it stands in no log of the server."""
    with connection.cursor() as cursor:
        raw = cursor.connection
        verifier = raw.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
        try:
            with transaction.atomic():
                cursor.execute(statement.as_string(raw))
        except ProgrammingError as error:
            raise ConfigurationError(
                _("The database user may not set the password of %(role)s. As a superuser run: %(statement)s")
                % {"role": role, "statement": f'GRANT {role} TO "{connection.settings_dict["USER"]}" WITH ADMIN OPTION'}
            ) from error
