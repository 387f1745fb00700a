"""The demo's customers and how to reach them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import connection
from phonenumber_field.phonenumber import PhoneNumber

from accounts.demo import words
from accounts.models import Contact, Customer

ISP_NAME, ISP_DOMAIN = "RogueLink LLC", "roguelink.example"
FEED_NAME, FEED_DOMAIN = "Grants Pass Feed & Seed", "grantspassfeed.example"
YEARS = 24  # how long the ISP has been taking on customers


@dataclass(frozen=True)
class Business:
    """A company and the name its domain would have, as people write it."""

    name: str
    domain: str


def businesses(rng: Random) -> Iterator[Business]:
    """Companies without end, no two alike: the ISP, the one with a demo login, six with Unicode, the rest."""
    yield Business(ISP_NAME, ISP_DOMAIN)
    yield Business(FEED_NAME, FEED_DOMAIN)
    for name, domain in words.UNICODE_BUSINESSES:
        yield Business(name, domain)
    pairs = list(itertools.product(words.PLACES, words.TRADES))
    rng.shuffle(pairs)
    for round_ in itertools.count(1):
        number = "" if round_ == 1 else str(round_)
        for place, trade in pairs:
            slug = place.replace(" ", "").lower() + trade.slug
            if f"{slug}.example" != FEED_DOMAIN:
                yield Business(f"{place} {trade.sign} {number}".strip(), f"{slug}{number}.example")


def create_customers(rng: Random, companies: list[Business], persons: int, now: datetime) -> list[Customer]:
    """The companies, in their order, then so many people at home, each with an address under the ISP's domain.

    One in forty has been suspended; of the people one in fifty has left.
    """
    names = [company.name for company in companies] + _person_names(rng, persons)
    numbers = _next_numbers(len(names))
    local_parts = home_local_parts(names[len(companies) :])
    rows = []
    for index, (name, number) in enumerate(zip(names, numbers, strict=True)):
        is_company = index < len(companies)
        place = index if is_company else index - len(companies)
        town = rng.choice(words.TOWNS)
        rows.append(
            Customer(
                number=number,
                kind=Customer.Kind.COMPANY if is_company else Customer.Kind.PERSON,
                name=name,
                email="" if is_company else f"{next(local_parts)}@{ISP_DOMAIN}",
                status=_status(place, is_company=is_company),
                street=f"{rng.randrange(100, 9900)} {rng.choice(words.STREETS)}",
                city=town.name,
                region="OR",
                postal_code=town.postal_code,
                notes=rng.choice(words.CUSTOMER_NOTES) if index % 8 == 3 else "",
                created_at=_taken_on(rng, index, now),
            )
        )
    return Customer.objects.bulk_create(rows)


def create_contacts(rng: Random, customers: list[Customer]) -> list[Contact]:
    """A phone for everybody, and for companies a bookkeeper by e-mail."""
    area_codes = {(town.name, town.postal_code): town.area_codes for town in words.TOWNS}
    rows = []
    for customer in customers:
        area_code = rng.choice(area_codes[customer.city, customer.postal_code])
        is_company = customer.kind == Customer.Kind.COMPANY
        rows.append(
            Contact(
                customer=customer,
                name=person_name(rng) if is_company else customer.name,
                role="owner" if is_company else rng.choice(["home", "cell"]),
                phone=PhoneNumber.from_string(f"+1{area_code}55501{rng.randrange(100):02}"),
            )
        )
        if is_company and rng.random() < 0.6:
            name = person_name(rng)
            email = f"{name.split()[0].lower()}@bookkeeping.example"
            rows.append(Contact(customer=customer, name=name, role="bookkeeper", email=email))
    return Contact.objects.bulk_create(rows)


def person_name(rng: Random) -> str:
    """First name and last name."""
    return f"{rng.choice(words.FIRST_NAMES)} {rng.choice(words.LAST_NAMES)}"


def home_local_parts(names: list[str]) -> Iterator[str]:
    """For each name the address its owner got: first.last, with a number when that was taken."""
    taken: dict[str, int] = {}
    for name in names:
        wanted = name.lower().replace(" ", ".")
        taken[wanted] = taken.get(wanted, 0) + 1
        yield wanted if taken[wanted] == 1 else f"{wanted}{taken[wanted]}"


def _taken_on(rng: Random, index: int, now: datetime) -> datetime:
    """The two with demo logins when the ISP opened, the others since, in a working hour; none this week."""
    days = 365 * YEARS - index if index < 2 else rng.randrange(7, 365 * YEARS)
    day = now - timedelta(days=days)
    return day.replace(hour=rng.randrange(16, 24), minute=rng.randrange(60), second=rng.randrange(60))


def _status(place: int, *, is_company: bool) -> Customer.Status:
    if place % 40 == 22:
        return Customer.Status.SUSPENDED
    if not is_company and place % 50 == 31:
        return Customer.Status.CLOSED
    return Customer.Status.ACTIVE


def _person_names(rng: Random, count: int) -> list[str]:
    """Walt Boone, who has a demo login, and others; as in any valley some have the same name."""
    return ["Walt Boone", *(person_name(rng) for _ in range(count - 1))][:count]


def _next_numbers(count: int) -> list[str]:
    """Account numbers as `create_customer` gives them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('accounts_customer_number') FROM generate_series(1, %s)", [count])
        return [str(number) for (number,) in cursor.fetchall()]
