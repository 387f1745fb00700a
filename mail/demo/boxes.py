"""The demo's mailboxes, each with its owner's login, how full it is and when it was last opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from accounts.demo.people import person_name
from accounts.models import Customer, Domain, User
from mail.models import Forward, LastLogin, Mailbox, MailboxUsage, MailServer

GIB = 1024**3
KIB_PER_MESSAGE = 75
ADMIN_LOCAL_PART, ADMIN_NAME = "marlene", "Marlene Pruitt"


@dataclass
class Boxes:
    """What is to be inserted, in the order in which it must be."""

    users: list[User] = field(default_factory=list)
    mailboxes: list[Mailbox] = field(default_factory=list)
    forwards: list[Forward] = field(default_factory=list)
    usage: list[MailboxUsage] = field(default_factory=list)
    last_logins: list[LastLogin] = field(default_factory=list)


@dataclass(frozen=True)
class Ground:
    """What every mailbox of the demo stands on."""

    rng: Random
    now: datetime
    server: MailServer
    password: str  # in stored form, one for all


def create_mailboxes(ground: Ground, domains: list[Domain], seats: list[int], persons: list[Customer]) -> list[Mailbox]:
    """As many in each domain as `seats` says; those of the first domain belong to `persons` at home."""
    boxes = Boxes()
    for index, (domain, count) in enumerate(zip(domains, seats, strict=True)):
        people = _at_home(ground.rng, persons) if index == 0 else _at_work(ground.rng, index)
        taken: set[str] = set()
        for seat in range(count):
            name, wanted = next(people)
            _add(ground, boxes, domain, name=name, local_part=_free(wanted, taken), is_first=seat == 0)
    not_served = {person.email for person in persons if person.status != Customer.Status.ACTIVE}
    for mailbox in boxes.mailboxes:
        if mailbox.address in not_served:
            mailbox.status = Mailbox.Status.SUSPENDED
    User.objects.bulk_create(boxes.users)
    Mailbox.objects.bulk_create(boxes.mailboxes)
    Forward.objects.bulk_create(boxes.forwards)
    MailboxUsage.objects.bulk_create(boxes.usage)
    LastLogin.objects.bulk_create(boxes.last_logins)
    return boxes.mailboxes


def _add(ground: Ground, boxes: Boxes, domain: Domain, *, name: str, local_part: str, is_first: bool) -> None:
    """One mailbox with all that belongs to it. The first of a domain is an ordinary one: people sign in there."""
    rng, index = ground.rng, len(boxes.mailboxes)
    address = f"{local_part}@{domain.name}"
    created = domain.created_at + (ground.now - domain.created_at) * rng.random() ** 2 * 0.98
    user = User(email=address, name=name, password=ground.password, date_joined=created, password_changed_at=created)
    mailbox = Mailbox(
        domain=domain,
        local_part=local_part,
        address=address,
        user=user,
        server=ground.server,
        name=name,
        quota_bytes=rng.choice([1, 2, 2, 2, 5, 10]) * GIB,
        created_at=created,
        deleted_at=domain.deleted_at,
    )
    if not is_first:
        _make_odd(ground, mailbox, index)
    boxes.users.append(user)
    boxes.mailboxes.append(mailbox)
    boxes.forwards += _forwards(rng, mailbox, index)
    boxes.usage.append(_usage(rng, mailbox, 0 if is_first else index))
    if is_first or index % 12 != 3:  # one in twelve has never signed in
        boxes.last_logins += _last_logins(ground, mailbox, idle=not is_first and index % 14 == 4)


def _make_odd(ground: Ground, mailbox: Mailbox, index: int) -> None:
    """Suspend, delete or restrict a few. By their place, so that a small demo has each kind too."""
    if index % 53 == 11:
        mailbox.status = Mailbox.Status.SUSPENDED
    if index % 89 == 13 and mailbox.deleted_at is None:
        mailbox.deleted_at = ground.now - timedelta(days=ground.rng.randrange(1, 28))
    if index % 41 == 17:
        mailbox.pop3 = False
    if index % 97 == 29:
        mailbox.smtp = False


def _usage(rng: Random, mailbox: Mailbox, index: int) -> MailboxUsage:
    """One in sixty is over its quota, one in forty nearly there, the others have room."""
    if index % 61 == 7:
        share = 1 + rng.random() / 20
    elif index % 37 == 5:
        share = 0.9 + rng.random() / 10
    else:
        share = rng.random() ** 3 * 0.88
    size = int(mailbox.quota_bytes * share)
    return MailboxUsage(mailbox=mailbox, bytes=size, messages=size // (KIB_PER_MESSAGE * 1024))


def _last_logins(ground: Ground, mailbox: Mailbox, *, idle: bool) -> Iterator[LastLogin]:
    """When it was last opened: minutes to days ago, or more than 90 days for an idle one."""
    services = ground.rng.choice([["imap"], ["imap"], ["pop3"], ["imap", "pop3"]])
    until = mailbox.deleted_at or ground.now
    for service in services:
        days = ground.rng.uniform(95, 700) if idle else ground.rng.random() ** 3 * 40
        at = max(until - timedelta(days=days), mailbox.created_at)
        yield LastLogin(mailbox=mailbox, service=service, at=int(at.timestamp()))


def _forwards(rng: Random, mailbox: Mailbox, index: int) -> Iterator[Forward]:
    """One in twenty-five sends its mail on: to outside where that is allowed; one in 400 to itself."""
    if index % 400 == 123:
        yield Forward(mailbox=mailbox, target=mailbox.address)
    elif index % 25 == 8 and mailbox.domain.external_forwards_allowed:
        mailbox.keep_copy = rng.random() < 0.6
        yield Forward(mailbox=mailbox, target=f"{mailbox.local_part}@bigmail.test")


def _at_home(rng: Random, persons: list[Customer]) -> Iterator[tuple[str, str]]:
    """The customers themselves, then their families: name and wanted local part."""
    for person in persons:
        yield person.name, person.email.partition("@")[0]
    last_names = [person.name.split()[-1] for person in persons] or ["Boone"]
    while True:
        name = f"{person_name(rng).split()[0]} {rng.choice(last_names)}"
        yield name, name.lower().replace(" ", ".")


def _at_work(rng: Random, index: int) -> Iterator[tuple[str, str]]:
    """The people of one company, whose addresses follow one custom; the second mailbox is the office's."""
    custom = rng.choice(["{first}", "{first}", "{first}.{last}", "{first[0]}{last}"])
    yield (ADMIN_NAME, ADMIN_LOCAL_PART) if index == 1 else _named(person_name(rng), custom)
    yield "Front office", "office"
    while True:
        yield _named(person_name(rng), custom)


def _named(name: str, custom: str) -> tuple[str, str]:
    first, last = name.lower().split()
    return name, custom.format(first=first, last=last)


def _free(wanted: str, taken: set[str]) -> str:
    """The wanted local part, or with a number behind it when the domain has it already."""
    local_part, number = wanted, 1
    while local_part in taken:
        number += 1
        local_part = f"{wanted}{number}"
    taken.add(local_part)
    return local_part
