"""Creating things through the services, beside the bare INSERTs of the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from django.db import connection, transaction

from accounts.models import Domain, User
from mail.models import Alias, AliasTarget, Mailbox
from mail.services import aliases, mailboxes
from tests.bench.table import Result, measurement, medians
from tests.bench.world import World

MAX_MS = 100
PASSWORD = "fish-the-rogue-river"


@measurement("create")
def creations(world: World) -> Iterator[Result]:
    """A mailbox with its login and its hashed password, and an alias, in the crowded domain."""
    numbers = count(1)

    def mailbox_by_service() -> None:
        mailboxes.create_mailbox(world.owner, domain=world.big, local_part=f"bench{next(numbers)}", password=PASSWORD)

    def alias_by_service() -> None:
        targets = [world.mailbox.address]
        aliases.create_alias(world.owner, domain=world.big, local_part=f"bench{next(numbers)}", targets=targets)

    with removed_afterwards():
        yield created("a mailbox in the crowded domain", mailbox_by_service, lambda: bare_mailbox(world, next(numbers)))
        yield created("an alias in the crowded domain", alias_by_service, lambda: bare_alias(world.big, next(numbers)))


def created(what: str, by_service: Callable[[], object], bare: Callable[[], object]) -> Result:
    """One line: both committed, in turns."""
    service, limit = (seconds * 1000 for seconds in medians(by_service, bare, rounds=15))
    return Result(
        what=f"create {what}",
        measured=f"{service:.1f} ms",
        limit=f"{limit:.1f} ms",
        ratio=service / limit,
        bar=f"≤ {MAX_MS} ms",
        ok=service <= MAX_MS,
    )


@transaction.atomic
def bare_mailbox(world: World, n: int) -> None:
    """The two rows, with a password hashed before."""
    address = f"bare{n}@{world.big.name}"
    user = User.objects.create(email=address, password=world.owner.password)
    Mailbox.objects.create(domain=world.big, local_part=f"bare{n}", address=address, user=user, server=world.server)


@transaction.atomic
def bare_alias(domain: Domain, n: int) -> None:
    """The two rows."""
    alias = Alias.objects.create(domain=domain, local_part=f"bare{n}", address=f"bare{n}@{domain.name}")
    AliasTarget.objects.create(alias=alias, target=f"somebody@{domain.name}")


@contextmanager
def removed_afterwards() -> Iterator[None]:
    """Leave the filled database as it was, its history included."""
    tables = ("mail_aliastarget", "mail_alias", "mail_mailbox", "accounts_user")
    with connection.cursor() as cursor:
        last = {}
        for table in tables:
            cursor.execute(f"SELECT max(id) FROM {table}")
            last[table] = cursor.fetchone()[0]
    try:
        yield
    finally:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, newest in last.items():
                cursor.execute(f"DELETE FROM {table}event WHERE pgh_obj_id > %s", [newest])
                cursor.execute(f"DELETE FROM {table} WHERE id > %s", [newest])
