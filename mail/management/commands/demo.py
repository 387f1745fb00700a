"""`manage.py demo`: a believable provider to try the portal with."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mail.demo.load import LOGINS, PASSWORD, DemoError, Size, is_empty, load


class Command(BaseCommand):
    """Fills an empty database with an invented Oregon Internet provider."""

    help = "Fills an empty database with an invented Internet provider, and prints how to sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The sizes, as many as the manual says unless told otherwise."""
        for name in ("domains", "mailboxes", "aliases", "customers"):
            parser.add_argument(f"--{name}", type=int, default=getattr(Size, name), metavar="N")
        parser.add_argument("--seed", type=int, default=2006, help="another number, other names")
        parser.add_argument("--if-empty", action="store_true", help="do nothing, quietly, where there is data")
        parser.add_argument("--logins", action="store_true", help="only print how to sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say how to sign in. Exit status 1 with a sentence where it cannot be."""
        if options["if_empty"] and not is_empty():
            return
        if not options["logins"]:
            try:
                size = Size(**{name: options[name] for name in ("domains", "mailboxes", "aliases", "customers")})
                load(size, seed=options["seed"])
            except DemoError as error:
                raise CommandError(error.message) from error
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for email, who in LOGINS:
            self.stdout.write(f"  {email:<34}{who}")
