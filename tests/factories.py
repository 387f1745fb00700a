"""Rows for tests, written straight to the database: no service, no rule, only what is consistent.

Plain functions. Every argument may be left out; what is not said is believable and unlike every other
row of this run. Further keywords are fields of the model.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone
from passlib.hash import argon2

from accounts.models import Contact, Customer, Domain, DomainAdmin, User
from mail.models import (
    Alias,
    AliasDomain,
    AliasTarget,
    Forward,
    LastLogin,
    Mailbox,
    MailboxUsage,
    MailServer,
)

PASSWORD = "correct horse battery staple"
GIB = 1024**3

FIRST_NAMES = ["Dale", "Marlene", "Curtis", "Yolanda", "Walt", "Bettina", "Hiro", "Shawna", "Earl", "Lupe"]
LAST_NAMES = ["Applegate", "Whitcomb", "Sandoval", "Ferris", "Okada", "Pruitt", "McKay", "Lindqvist", "Boone"]
STREETS = ["NW 6th Street", "Rogue River Highway", "Siskiyou Boulevard", "Redwood Avenue", "G Street"]
CITIES = [("Grants Pass", "97526"), ("Medford", "97501"), ("Ashland", "97520"), ("Cave Junction", "97523")]

_numbers = itertools.count(1)


def a_customer(**fields: Any) -> Customer:
    """A person with an address in southern Oregon."""
    n = next(_numbers)
    city, postal_code = CITIES[n % len(CITIES)]
    name = fields.pop("name", _person(n))
    usual = {
        "number": f"{100000 + n}",
        "email": f"{name.split()[0].lower()}{n}@home.example",
        "street": f"{100 + 7 * n} {STREETS[n % len(STREETS)]}",
        "city": city,
        "region": "OR",
        "postal_code": postal_code,
    }
    return Customer.objects.create(name=name, **usual | fields)


def a_contact(customer: Customer | None = None, **fields: Any) -> Contact:
    """A phone number under which a customer can be reached; 555-01xx belongs to nobody."""
    usual = {"name": _person(next(_numbers)), "role": "home", "phone": a_phone()}
    return Contact.objects.create(customer=customer or a_customer(), **usual | fields)


def a_phone() -> str:
    """A number in E.164 form, of the hundred per area code that are kept for fiction."""
    n = next(_numbers)
    return f"+1{['541', '458', '503'][n // 100 % 3]}55501{n % 100:02}"


def a_user(email: str | None = None, *, password: str = PASSWORD, **fields: Any) -> User:
    """A login that is nothing but a login. `password` is what opens it."""
    n = next(_numbers)
    usual = {"name": _person(n), "password_changed_at": timezone.now()}
    return User.objects.create(
        email=email or f"person{n}@home.example", password=password_hash(password), **usual | fields
    )


def a_staff_user(email: str | None = None, **fields: Any) -> User:
    """Somebody at the hotline."""
    return a_user(email or f"hotline{next(_numbers)}@roguelink.example", **{"is_staff": True} | fields)


def an_owner(email: str | None = None, **fields: Any) -> User:
    """The owner of the ISP."""
    return a_staff_user(email or f"owner{next(_numbers)}@roguelink.example", **{"is_superuser": True} | fields)


def a_domain(name: str | None = None, *, customer: Customer | None = None, **fields: Any) -> Domain:
    """A domain without limits, active. `name` is stored as given: A-labels, lower case."""
    name = name or f"orchard{next(_numbers)}.example"
    return Domain.objects.create(name=name, customer=customer or a_customer(), **fields)


def a_domain_admin(domain: Domain | None = None, *, user: User | None = None, **switches: bool) -> User:
    """The login of somebody who administers `domain`; a switch not named is on."""
    user = user or a_user(f"admin{next(_numbers)}@home.example")
    DomainAdmin.objects.create(user=user, domain=domain or a_domain(), **switches)
    return User.objects.get(pk=user.pk)  # afresh: `level` and `administered` are remembered


def a_mail_server(**fields: Any) -> MailServer:
    """A mail server of ours; the first one is where new mailboxes go."""
    n = next(_numbers)
    usual = {
        "name": f"mail{n}",
        "host": f"mail{n}.roguelink.example",
        "public_host": "mail.roguelink.example",
        "is_default": not MailServer.objects.filter(is_default=True).exists(),
    }
    return MailServer.objects.create(**usual | fields)


def a_mailbox(
    address: str | None = None,
    *,
    domain: Domain | None = None,
    local_part: str | None = None,
    user: User | None = None,
    password: str = PASSWORD,
    server: MailServer | None = None,
    **fields: Any,
) -> Mailbox:
    """A mailbox of 2 GiB and its owner's login, on the default server.

    Say `address`, or `domain`, or `local_part`; a domain that does not exist yet is made.
    """
    domain, local_part = _place(address, domain, local_part)
    name = fields.pop("name", _person(next(_numbers)))
    address = f"{local_part}@{domain.name}"
    return Mailbox.objects.create(
        domain=domain,
        local_part=local_part,
        address=address,
        name=name,
        user=user or a_user(address, password=password, name=name),
        server=server or MailServer.objects.filter(is_default=True).first() or a_mail_server(),
        **{"quota_bytes": 2 * GIB} | fields,
    )


def a_forward(mailbox: Mailbox | None = None, target: str | None = None) -> Forward:
    """Mail of a mailbox sent on; whether a copy stays is the mailbox's `keep_copy`."""
    return Forward.objects.create(mailbox=mailbox or a_mailbox(), target=target or an_outside_address())


def an_alias(
    address: str | None = None,
    *,
    domain: Domain | None = None,
    local_part: str | None = None,
    targets: Iterable[str] | None = None,
    **fields: Any,
) -> Alias:
    """An alias with its targets: one address outside when none is named, none at all for `targets=[]`."""
    domain, local_part = _place(address, domain, local_part)
    alias = Alias.objects.create(domain=domain, local_part=local_part, address=f"{local_part}@{domain.name}", **fields)
    targets = [an_outside_address()] if targets is None else targets
    AliasTarget.objects.bulk_create(AliasTarget(alias=alias, target=target) for target in targets)
    return alias


def a_catch_all(domain: Domain | None = None, *, targets: Iterable[str] | None = None, **fields: Any) -> Alias:
    """The alias that takes whatever no other address of the domain takes; a domain made here allows it."""
    domain = domain or a_domain(catch_all_allowed=True)
    return an_alias(domain=domain, local_part="", targets=targets, **fields)


def an_alias_domain(domain: Domain | None = None, target: Domain | None = None, **fields: Any) -> AliasDomain:
    """`domain` standing for `target`, both of one customer."""
    target = target or a_domain()
    domain = domain or a_domain(customer=target.customer)
    return AliasDomain.objects.create(domain=domain, target=target, **fields)


def usage_of(mailbox: Mailbox, *, bytes: int = 300 * 1024**2, messages: int | None = None) -> MailboxUsage:  # noqa: A002
    """How full a mailbox is, as Dovecot writes it; a message has 60 kB when their number is not said."""
    messages = bytes // 60_000 if messages is None else messages
    return MailboxUsage.objects.create(mailbox=mailbox, bytes=bytes, messages=messages)


def a_last_login(mailbox: Mailbox, *, service: str = "imap", at: datetime | None = None) -> LastLogin:
    """When a mailbox was last opened by one protocol, as Dovecot writes it; now when not said."""
    seconds = int((at or timezone.now()).timestamp())
    return LastLogin.objects.create(mailbox=mailbox, service=service, at=seconds)


def an_outside_address() -> str:
    """An address at somebody else's provider."""
    return f"friend{next(_numbers)}@elsewhere.test"


@cache
def password_hash(password: str) -> str:
    """The stored form of a password, at the least cost Argon2id can have: tests make thousands of logins."""
    return "{ARGON2ID}" + argon2.using(type="ID", memory_cost=8, rounds=1, parallelism=1).hash(password)


def _person(n: int) -> str:
    return f"{FIRST_NAMES[n % len(FIRST_NAMES)]} {LAST_NAMES[n % len(LAST_NAMES)]}"


def _place(address: str | None, domain: Domain | None, local_part: str | None) -> tuple[Domain, str]:
    """The domain and local part of a new address, from whatever of it was said."""
    if address is not None:
        local_part, _at, name = address.rpartition("@")
        domain = domain or Domain.objects.filter(name=name).first() or a_domain(name)
    if local_part is None:
        local_part = f"{FIRST_NAMES[next(_numbers) % len(FIRST_NAMES)].lower()}{next(_numbers)}"
    return domain or a_domain(), local_part
