"""The demo's domains, with their limits and their administrators."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.demo.people import YEARS, Business
from accounts.models import Customer, Domain, DomainAdmin, User
from accounts.names import to_a_label

GIB = 1024**3
ISP_SHARE = 0.35  # of all mailboxes: those of people at home, under the ISP's own domain
FEED_SEATS = 14  # mailboxes of the company whose administrator has a demo login


@dataclass(frozen=True)
class Plot:
    """A domain to be: its name as people write it, whose it is, and how many mailboxes it will have.

    `stands_for` is the place, in the list of plots, of the domain that it is another name of.
    """

    name: str
    owner: Customer
    seats: int
    kind: Domain.Kind = Domain.Kind.HOSTED
    stands_for: int | None = None


def plan_plots(
    rng: Random, businesses: list[Business], companies: list[Customer], *, domains: int, mailboxes: int
) -> list[Plot]:
    """Divide the mailboxes among the domains: many to the ISP's own, few to most, as it is in life.

    One in thirty is another name of an earlier one (.test for .example), one in a hundred only relayed.
    """
    aliases = domains // 30
    relayed = {index for index in range(domains - aliases) if index % 100 == 66}
    seats = _seats(rng, domains - aliases, mailboxes, none=relayed)
    plots = []
    for index in range(domains - aliases):
        owner = companies[index] if index < len(companies) else rng.choice(companies[1:])
        kind = Domain.Kind.RELAY if index in relayed else Domain.Kind.HOSTED
        plots.append(Plot(businesses[index].domain, owner, seats[index], kind))
    for index in range(1, aliases + 1):
        name = plots[index].name.removesuffix(".example") + ".test"
        plots.append(Plot(name, plots[index].owner, 0, stands_for=index))
    return plots


def create_domains(rng: Random, plots: list[Plot], now: datetime) -> list[Domain]:
    """The domains of the plots, in their order, with limits that leave room for their mailboxes.

    Two in twelve may take all mail (catch-all), one in sixty is suspended, as are those of suspended
    customers, one in eighty was deleted in the last weeks.
    """
    rows = []
    for index, plot in enumerate(plots):
        domain = Domain(
            name=to_a_label(plot.name),
            customer=plot.owner,
            kind=plot.kind,
            created_at=plot.owner.created_at + (now - plot.owner.created_at) * rng.random() / YEARS,
            **_limits(rng, index, plot.seats),
        )
        if index % 60 == 47 or plot.owner.status == Customer.Status.SUSPENDED:
            domain.status = Domain.Status.SUSPENDED
        if index % 80 == 57 and plot.stands_for is None:
            domain.deleted_at = now - timedelta(days=rng.randrange(2, 25), minutes=rng.randrange(1440))
        rows.append(domain)
    return Domain.objects.bulk_create(rows)


def create_admins(rng: Random, people: list[tuple[User, Domain]]) -> list[DomainAdmin]:
    """Give each person his domain; one in three is kept from something."""
    rows = []
    for index, (user, domain) in enumerate(people):
        admin = DomainAdmin(user=user, domain=domain, created_at=domain.created_at)
        if index % 3 == 2:
            setattr(admin, rng.choice(DomainAdmin.SWITCHES), False)
        rows.append(admin)
    return DomainAdmin.objects.bulk_create(rows)


def _seats(rng: Random, domains: int, mailboxes: int, *, none: set[int]) -> list[int]:
    """How many mailboxes each domain gets; together exactly `mailboxes`."""
    at_home = max(1, int(mailboxes * ISP_SHARE))
    feed = min(FEED_SEATS, mailboxes - at_home)
    seats = Counter({0: at_home, 1: feed})
    others = [index for index in range(2, domains) if index not in none] or [0]
    weights = [min(rng.paretovariate(1.1), 12) for _ in others]
    seats.update(rng.choices(others, weights, k=mailboxes - at_home - feed))
    return [seats[index] for index in range(domains)]


def _limits(rng: Random, index: int, mailboxes: int) -> dict[str, object]:
    """None for the ISP's own; the smallest package that is large enough for the others."""
    if index == 0:
        return {"quota_default_bytes": 2 * GIB}
    package = next((size for size in (5, 10, 25, 50, 100, 250) if size >= mailboxes), None)
    return {
        "max_mailboxes": package,
        "max_aliases": package and 4 * package + 20,
        "max_lists": package and package // 5,
        "quota_total_bytes": package and 10 * GIB * package,
        "quota_mailbox_bytes": 10 * GIB,
        "quota_default_bytes": rng.choice([1, 2, 5]) * GIB,
        "catch_all_allowed": index % 12 in {1, 5},
        "external_forwards_allowed": index % 15 != 9,
    }
