"""Filling the bench's database by COPY, with triggers off and indexes built at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.demo import history
from accounts.demo.words import FIRST_NAMES, LAST_NAMES, STREETS, TOWNS
from accounts.models import Contact, Customer, Domain, DomainAdmin, User
from mail.demo.aliases import WORDS
from mail.models import Alias, AliasDomain, AliasTarget, Forward, LastLogin, Mailbox, MailboxUsage, MailServer
from tests.bench.world import BIG, OWNER, RARE_ADDRESS, RARE_PERSON, RARE_PHONE, SMALL, Size

GIB = 1024**3
TABLES = (
    *(User, Customer, Contact, Domain, DomainAdmin, MailServer, Mailbox, Forward, Alias, AliasTarget),
    *(AliasDomain, MailboxUsage, LastLogin),
)
RECORDED = (User, Customer, Domain, Mailbox, Alias)


def fill(size: Size, say: Callable[[str], object]) -> None:
    """Fill an empty, migrated database. Needs a superuser's right to switch triggers off."""
    rng, now = Random(1), timezone.now()
    people = Names()
    with transaction.atomic(), connection.cursor() as cursor, _bare_tables(cursor, say):
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL max_parallel_maintenance_workers = 2")
        server = {"id": 1, "name": "mail1", "host": "127.0.0.1", "public_host": "mail.example", "is_default": True}
        _copy(MailServer, [server], say)
        _copy(Customer, _customers(size, rng, now), say)
        _copy(Contact, _contacts(size), say)
        _copy(Domain, _domains(size, now), say)
        seats = _seats(size, rng)
        _copy(User, _users(seats, people), say)
        _copy(DomainAdmin, _admins(seats), say)
        _copy(Mailbox, _mailboxes(seats, people, now), say)
        _copy(MailboxUsage, _usage(seats, people), say)
        _copy(LastLogin, _last_logins(seats, people, now), say)
        _copy(Forward, _forwards(seats), say)
        _copy(Alias, _aliases(size, now), say)
        _copy(AliasTarget, _targets(size, seats, people), say)
        _copy(AliasDomain, ({"id": n, "domain_id": size.domains - n, "target_id": n} for n in range(3, 23)), say)
        for model in TABLES:
            _restart_sequence(cursor, model)
        begin = time.monotonic()
        owner = User.objects.get(email=OWNER)
        for model in RECORDED:
            at = "date_joined" if model is User else "created_at"
            history.write_creation(model, at=at, by=[owner])
        say(f"  history of {len(RECORDED)} tables: {time.monotonic() - begin:.1f} s\n")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE, PARALLEL 2)")
        cursor.execute("RESET statement_timeout")


class Names:
    """Person number n of a domain, the same whenever asked: name and local part, unlike the others there."""

    def __init__(self) -> None:
        self.pairs = [(first, last) for last in LAST_NAMES for first in FIRST_NAMES]

    def of(self, domain_id: int, n: int) -> tuple[str, str]:
        """Name and local part."""
        if domain_id == 2 and n == 0:
            return RARE_PERSON, RARE_ADDRESS.partition("@")[0]
        first, last = self.pairs[(domain_id * 37 + n) % len(self.pairs)]
        again = n // len(self.pairs)
        return f"{first} {last}", f"{first}.{last}{again or ''}".lower()


Row = dict[str, Any]


def _domain_name(domain_id: int) -> str:
    if domain_id <= 2:
        return (BIG, SMALL)[domain_id - 1]
    return f"{LAST_NAMES[domain_id % 60]}{WORDS[domain_id % 25]}{domain_id}.example".lower()


def _seats(size: Size, rng: Random) -> list[int]:
    """Mailboxes of the domains with the ids 1, 2, 3 ...: the crowd, ten, and the rest as chance will have it."""
    seats = [0] * (size.domains - 2)
    for index in rng.choices(range(len(seats)), k=size.mailboxes - size.crowd - 10):
        seats[index] += 1
    return [size.crowd, 10, *seats]


def _each(seats: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """For every mailbox: its id, its domain's id, its place in the domain."""
    ids = count(1)
    for domain_id, number in enumerate(seats, 1):
        for n in range(number):
            yield next(ids), domain_id, n


def _customers(size: Size, rng: Random, now: datetime) -> Iterator[Row]:
    for n in range(1, size.customers + 1):
        town, is_company = TOWNS[n % len(TOWNS)], n <= size.domains
        name = f"{FIRST_NAMES[n % 60]} {LAST_NAMES[n // 60 % 60]}"
        yield {
            "id": n,
            "number": str(10_000 + n),
            "kind": "company" if is_company else "person",
            "name": RARE_PERSON if n == 2 else f"{name} & Sons {n}" if is_company else name,
            "email": "" if is_company else f"{name.replace(' ', '.').lower()}{n}@roguelink.example",
            "status": "suspended" if n % 50 == 7 else "active",
            "street": f"{rng.randrange(100, 9900)} {STREETS[n % len(STREETS)]}",
            "city": town.name,
            "region": "OR",
            "postal_code": town.postal_code,
            "created_at": now - timedelta(hours=n),
        }


def _contacts(size: Size) -> Iterator[Row]:
    """Area code 555 is nobody's."""
    for n in range(1, size.customers + 1):
        phone = RARE_PHONE if n == 2 else f"+1555{n * 7919 % 10**7:07}"
        yield {"id": n, "customer_id": n, "name": "", "role": "home", "phone": phone}


def _domains(size: Size, now: datetime) -> Iterator[Row]:
    for n in range(1, size.domains + 1):
        yield {
            "id": n,
            "name": _domain_name(n),
            "customer_id": n,
            "status": "suspended" if n % 60 == 47 else "active",
            "max_mailboxes": None if n <= 2 else 500,
            "catch_all_allowed": n % 10 == 5,
            "created_at": now - timedelta(hours=n),
            "deleted_at": now - timedelta(days=n % 28) if n % 500 == 57 else None,
        }


def _users(seats: Sequence[int], people: Names) -> Iterator[Row]:
    """Everybody has the same password, hashed once. The owner comes last."""
    password = make_password("fish-the-rogue")
    for n, domain_id, place in _each(seats):
        name, local_part = people.of(domain_id, place)
        yield {"id": n, "email": f"{local_part}@{_domain_name(domain_id)}", "name": name, "password": password}
    yield {
        "id": sum(seats) + 1,
        "email": OWNER,
        "name": "Ellen Merritt",
        "password": password,
        "is_staff": True,
        "is_superuser": True,
    }


def _admins(seats: Sequence[int]) -> Iterator[Row]:
    """The first mailbox's owner looks after the domain."""
    grants = ((n, domain_id) for n, domain_id, place in _each(seats) if place == 0)
    for number, (user_id, domain_id) in enumerate(grants, 1):
        yield {"id": number, "user_id": user_id, "domain_id": domain_id}


def _mailboxes(seats: Sequence[int], people: Names, now: datetime) -> Iterator[Row]:
    for n, domain_id, place in _each(seats):
        name, local_part = people.of(domain_id, place)
        yield {
            "id": n,
            "domain_id": domain_id,
            "user_id": n,
            "server_id": 1,
            "name": name,
            "local_part": local_part,
            "address": f"{local_part}@{_domain_name(domain_id)}",
            "quota_bytes": 2 * GIB,
            "status": "suspended" if n % 50 == 11 else "active",
            "created_at": now - timedelta(minutes=n),
            "deleted_at": now - timedelta(days=n % 28) if n % 100 == 13 else None,
        }


def _usage(seats: Sequence[int], people: Names) -> Iterator[Row]:
    for n, domain_id, place in _each(seats):
        address = f"{people.of(domain_id, place)[1]}@{_domain_name(domain_id)}"
        # One in a hundred is over its quota, as many are nearly there.
        size = 2 * GIB * (n % 100 + 2) // 100
        fullness = size * 100 // (2 * GIB)
        row = {"mailbox_id": address, "domain_id": domain_id, "bytes": size, "messages": size // 75_000}
        yield row | {"fullness": fullness}


def _last_logins(seats: Sequence[int], people: Names, now: datetime) -> Iterator[Row]:
    seconds = int(now.timestamp())
    for n, domain_id, place in _each(seats):
        if n % 12 != 3:
            address = f"{people.of(domain_id, place)[1]}@{_domain_name(domain_id)}"
            yield {"mailbox_id": address, "service": "imap", "at": seconds - n % 200 * 86_400}


def _forwards(seats: Sequence[int]) -> Iterator[Row]:
    elsewhere = (n for n, _domain, _place in _each(seats) if n % 25 == 8)
    for number, n in enumerate(elsewhere, 1):
        yield {"id": number, "mailbox_id": n, "target": f"someone{n}@bigmail.test"}


def _alias_domain_id(size: Size, n: int) -> int:
    """One in a hundred aliases belongs to the big domain, the others go round."""
    return 1 if n % 100 == 0 else 2 + n % (size.domains - 1)


def _aliases(size: Size, now: datetime) -> Iterator[Row]:
    for n in range(1, size.aliases + 1):
        domain_id = _alias_domain_id(size, n)
        local_part = f"{WORDS[n // size.domains % len(WORDS)]}{n}"
        yield {
            "id": n,
            "domain_id": domain_id,
            "local_part": local_part,
            "address": f"{local_part}@{_domain_name(domain_id)}",
            "is_active": n % 70 != 9,
            "expires_at": now - timedelta(days=n % 300) if n % 80 == 1 else None,
            "created_at": now - timedelta(minutes=n),
            "deleted_at": now - timedelta(days=n % 28) if n % 200 == 17 else None,
        }


def _targets(size: Size, seats: Sequence[int], people: Names) -> Iterator[Row]:
    """To somebody of the domain; one in ten to outside, one in twenty to two, one in five hundred to nobody."""
    ids = count(1)

    def row(alias_id: int, target: str, *, is_dead: bool = False) -> Row:
        return {"id": next(ids), "alias_id": alias_id, "target": target, "is_dead": is_dead}

    for n in range(1, size.aliases + 1):
        domain_id = _alias_domain_id(size, n)
        if n % 10 == 3 or not seats[domain_id - 1]:
            yield row(n, f"somebody{n}@bigmail.test")
        elif n % 500 == 19:
            yield row(n, f"gone@{_domain_name(domain_id)}", is_dead=True)
        else:
            yield row(n, f"{people.of(domain_id, n % seats[domain_id - 1])[1]}@{_domain_name(domain_id)}")
            if n % 20 == 5:
                yield row(n, f"second{n}@bigmail.test")


def _copy(model: type[models.Model], rows: Iterable[Row], say: Callable[[str], object]) -> None:
    """COPY rows, given by attribute name; columns that a row does not name have the model's default."""
    begin, number = time.monotonic(), 0
    fields = [field for field in model._meta.concrete_fields if field.column]
    usual = [None if field.primary_key else field.get_default() for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    names = [field.attname for field in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for number, row in enumerate(rows, 1):  # noqa: B007 (the number of rows is said below)
            copy.write_row([row.get(name, default) for name, default in zip(names, usual, strict=True)])
    say(f"  {model._meta.verbose_name_plural}: {number:,} in {time.monotonic() - begin:.1f} s\n")


def _restart_sequence(cursor: Any, model: type[models.Model]) -> None:
    pk = model._meta.pk
    if isinstance(pk, models.AutoField):
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}", [model._meta.db_table])


@contextmanager
def _bare_tables(cursor: Any, say: Callable[[str], object]) -> Iterator[None]:
    """Without the indexes that no constraint needs, which are built again afterwards."""
    events = [apps.get_model(model._meta.app_label, f"{model.__name__}Event") for model in RECORDED]
    names = [model._meta.db_table for model in (*TABLES, *events)]
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[])"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [names],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    begin = time.monotonic()
    for _name, definition in indexes:
        cursor.execute(definition)
    say(f"  {len(indexes)} indexes: {time.monotonic() - begin:.1f} s\n")
