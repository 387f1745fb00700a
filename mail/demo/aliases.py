"""The demo's aliases: the usual ones, and those that a good portal warns of."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.demo.domains import Plot
from accounts.demo.people import FEED_DOMAIN, ISP_DOMAIN
from accounts.models import Domain
from mail.models import Alias, AliasDomain, AliasTarget, Mailbox

WORDS = (  # noqa: SIM905 (sixty lines of one word each read worse)
    "info sales orders billing service parts jobs accounting events news web contact hello support shop "
    "bookings dispatch estimates reception returns warehouse payroll board volunteers newsletter"
).split()
NOTES = (*[""] * 12, "on the business cards", "printed on the van", "until the new person starts")


@dataclass(frozen=True)
class Wanted:
    """An alias to be: its address's two halves, its targets and further columns."""

    domain: Domain
    local_part: str
    targets: tuple[str, ...]
    columns: dict[str, object]


def create_aliases(
    rng: Random, domains: list[Domain], mailboxes: list[Mailbox], *, count: int, now: datetime
) -> list[Alias]:
    """Exactly `count` aliases with their targets, the odd ones first."""
    people: dict[int, list[Mailbox]] = {}
    for mailbox in mailboxes:
        people.setdefault(mailbox.domain_id, []).append(mailbox)
    taken = {mailbox.address for mailbox in mailboxes}
    aliases: list[Alias] = []
    targets: list[AliasTarget] = []
    plenty = itertools.chain(_odd(domains, people, now), _catch_alls(domains, people), _usual(rng, domains, people))
    for wanted in plenty:
        if len(aliases) == count:
            break
        address = f"{wanted.local_part}@{wanted.domain.name}"
        if address in taken:
            continue
        taken.add(address)
        alias = Alias(domain=wanted.domain, local_part=wanted.local_part, address=address, **wanted.columns)
        alias.created_at = wanted.domain.created_at + (now - wanted.domain.created_at) * rng.random() * 0.98
        alias.deleted_at = alias.deleted_at or wanted.domain.deleted_at
        aliases.append(alias)
        targets += [AliasTarget(alias=alias, target=target) for target in wanted.targets]
    Alias.objects.bulk_create(aliases)
    AliasTarget.objects.bulk_create(targets)
    return aliases


def create_alias_domains(domains: list[Domain], plots: list[Plot]) -> list[AliasDomain]:
    """The domains that are only another name of one."""
    return AliasDomain.objects.bulk_create(
        AliasDomain(domain=domain, target=domains[plot.stands_for], created_at=domain.created_at)
        for domain, plot in zip(domains, plots, strict=True)
        if plot.stands_for is not None
    )


def _odd(domains: list[Domain], people: dict[int, list[Mailbox]], now: datetime) -> Iterator[Wanted]:
    """One of each kind that goes wrong or has gone: at the ISP, and at the company with a demo login."""
    by_name = {domain.name: domain for domain in domains}
    for domain in (by_name[ISP_DOMAIN], by_name[FEED_DOMAIN]):
        at, first = f"@{domain.name}", people[domain.pk][0].address
        yield Wanted(domain, "postmaster", (first,), {})
        yield Wanted(domain, "abuse", (first,), {})
        yield Wanted(domain, "fax", (f"fax{at}", first), {"note": "leads to itself"})
        yield Wanted(domain, "night", (f"weekend{at}",), {"note": "a circle: weekend leads back here"})
        yield Wanted(domain, "weekend", (f"night{at}",), {})
        yield Wanted(domain, "foreman", (f"curtis.gone{at}",), {"note": "Curtis left in August"})
        yield Wanted(domain, "springfair", (first,), {"expires_at": now - timedelta(days=200)})
        yield Wanted(domain, "vacation-cover", (first,), {"expires_at": now + timedelta(days=12)})
        yield Wanted(domain, "everybody", _several(people[domain.pk]), {"note": "whole staff"})
        yield Wanted(domain, "oldshop", (first,), {"is_active": False})
        yield Wanted(domain, "raffle", (first,), {"deleted_at": now - timedelta(days=3)})
    for mailbox in itertools.chain.from_iterable(people.values()):
        if mailbox.deleted_at and not mailbox.domain.deleted_at:
            yield Wanted(mailbox.domain, f"team.{mailbox.local_part}", (mailbox.address,), {})


def _catch_alls(domains: list[Domain], people: dict[int, list[Mailbox]]) -> Iterator[Wanted]:
    for domain in domains:
        if domain.catch_all_allowed and domain.pk in people:
            yield Wanted(domain, "", (people[domain.pk][0].address,), {})


def _usual(rng: Random, domains: list[Domain], people: dict[int, list[Mailbox]]) -> Iterator[Wanted]:
    """Aliases without end: info@ and its like, to one person, to two, or to outside."""
    living = [domain for domain in domains if domain.pk in people]
    for round_ in itertools.count(1):
        number = "" if round_ == 1 else str(round_)
        words = rng.sample(WORDS, len(WORDS))
        for word, domain in itertools.product(words, living):
            inside = [mailbox.address for mailbox in rng.choices(people[domain.pk], k=2)]
            lot = rng.random()
            if lot < 0.12 and domain.external_forwards_allowed:
                targets = {f"{word}.{domain.name.partition('.')[0][:40]}@bigmail.test"}
            elif lot < 0.3:
                targets = set(inside)
            else:
                targets = {inside[0]}
            yield Wanted(domain, f"{word}{number}", tuple(sorted(targets)), {"note": rng.choice(NOTES)})


def _several(people: list[Mailbox]) -> tuple[str, ...]:
    return tuple(mailbox.address for mailbox in people[:12])
