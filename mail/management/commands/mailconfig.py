"""`manage.py mailconfig DIR`: complete configurations of Postfix and Dovecot for this database."""

from __future__ import annotations

import socket
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from mail.addresses import check_target
from mail.configuration import Database, Options, Outcome, Ports, prepare_database, render, secrets, write_files
from roguelink.errors import ServiceError

# Options of the command that are fields of Options.
SAME = (
    "dovecot",
    "hostname",
    "tls_certificate",
    "tls_key",
    "mail_directory",
    "mail_uid",
    "mail_gid",
    "dovecot_directory",
    "relayhost",
    "trusted_networks",
    "listen",
    "root",
    "dns",
)


class Command(BaseCommand):
    """Write the files, and give the database roles the passwords that stand in them."""

    help = (
        "Writes configurations of Postfix 3.7+ and Dovecot 2.3 or 2.4 into DIR/postfix and DIR/dovecot, and sets "
        "the passwords of the database roles mta_reader and mta_writer. Files changed by hand are kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Every option has the value of an ordinary installation on one machine."""
        usual = Options(hostname="", postmaster="", database=Database(host="", port=0, name=""))
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--dovecot", choices=["2.3", "2.4"], default=usual.dovecot, help="Dovecot's version")
        parser.add_argument("--hostname", default=socket.getfqdn(), help="the mail server's name (%(default)s)")
        parser.add_argument("--postmaster", default=settings.POSTMASTER_ADDRESS, help="instead of POSTMASTER_ADDRESS")
        parser.add_argument("--database-host", help="where the mail server finds PostgreSQL, if not where we do")
        parser.add_argument("--database-port", type=int)
        parser.add_argument("--tls-certificate", default=usual.tls_certificate, help="with its chain (%(default)s)")
        parser.add_argument("--tls-key", default=usual.tls_key, help="(%(default)s)")
        parser.add_argument("--mail-directory", default=usual.mail_directory, help="(%(default)s)")
        parser.add_argument("--mail-uid", type=int, default=usual.mail_uid, help="who owns the mail (%(default)s)")
        parser.add_argument("--mail-gid", type=int, default=usual.mail_gid)
        parser.add_argument("--dovecot-directory", default=usual.dovecot_directory, help="(%(default)s)")
        parser.add_argument("--relayhost", default=usual.relayhost, help="send everything through this host")
        parser.add_argument(
            "--trusted-networks", default=usual.trusted_networks, help="may relay unasked (%(default)s)"
        )
        parser.add_argument("--listen", default=usual.listen, help="address to listen on (all)")
        parser.add_argument("--root", default=usual.root, help="a private instance: everything below this directory")
        parser.add_argument("--ports-from", type=int, help="a private instance: ports in a row from this one")
        parser.add_argument("--no-dns", action="store_false", dest="dns", help="there is no name server")
        parser.add_argument("--force", action="store_true", help="overwrite files that were changed by hand")

    def handle(self, *_args: object, **options: Any) -> None:
        """Say what became of each file; fail when one was kept, so that a script notices."""
        directory: Path = options["directory"]
        try:
            known = secrets()
            wanted = _options(options)
            prepare_database(known, postmaster=wanted.postmaster)
            outcomes = write_files(directory, render(wanted, known), force=options["force"])
        except ServiceError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{error.filename or directory}: {error.strerror}") from error
        for name, outcome in outcomes.items():
            self.stdout.write(f"{directory / name}: {outcome}")
        kept = [name for name, outcome in outcomes.items() if outcome is Outcome.KEPT]
        if kept:
            raise CommandError(
                f"Kept as they are, for somebody changed them: {', '.join(kept)}. Compare each with its .new, "
                "or run again with --force to lose those changes.",
                returncode=2,
            )


def _options(given: dict[str, Any]) -> Options:
    """What was said on the command line, as options. Raises ServiceError, CommandError."""
    if not given["postmaster"]:
        raise CommandError("Who is the postmaster? Set POSTMASTER_ADDRESS in .env, or say --postmaster ADDRESS.")
    known = connection.settings_dict
    return Options(
        postmaster=check_target(given["postmaster"]),
        database=Database(
            host=given["database_host"] or known["HOST"] or "127.0.0.1",
            port=given["database_port"] or int(known["PORT"] or 5432),
            name=known["NAME"],
        ),
        ports=Ports.counted_from(given["ports_from"]) if given["ports_from"] else Ports(),
        **{name: given[name] for name in SAME},
    )
