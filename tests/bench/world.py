"""What stands in the filled database, so that measurements know whom to ask for."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Customer, Domain, User
from mail.models import Alias, AliasDomain, Mailbox, MailServer

OWNER = "owner@roguelink.example"
BIG, SMALL = "big.example", "small.example"
RARE_PERSON, RARE_ADDRESS = "Zebulon Quixote", "zebulon.quixote@small.example"
RARE_PHONE = "+15557654321"


@dataclass(frozen=True)
class Size:
    """How many of each. `crowd`: mailboxes of the largest domain; the smallest one measured has ten."""

    domains: int
    mailboxes: int
    aliases: int
    customers: int
    crowd: int


FULL = Size(domains=20_000, mailboxes=1_000_000, aliases=500_000, customers=60_000, crowd=5_000)
FRACTION = Size(domains=400, mailboxes=20_000, aliases=10_000, customers=1_200, crowd=5_000)


@dataclass(frozen=True)
class World:
    """The people and things that the measurements use."""

    owner: User
    admin: User
    small_admin: User
    big: Domain
    small: Domain
    customer: Customer
    mailbox: Mailbox
    alias: Alias
    alias_domain: AliasDomain
    server: MailServer


def look_up() -> World:
    """Find them in the database that `fill` has filled."""
    big, small = Domain.objects.get(name=BIG), Domain.objects.get(name=SMALL)
    return World(
        owner=User.objects.get(email=OWNER),
        admin=big.admins.get().user,
        small_admin=small.admins.get().user,
        big=big,
        small=small,
        customer=Customer.objects.get(name=RARE_PERSON),
        mailbox=Mailbox.objects.get(address=RARE_ADDRESS),
        alias=Alias.objects.filter(domain=big).earliest("pk"),
        alias_domain=AliasDomain.objects.earliest("pk"),
        server=MailServer.objects.get(is_default=True),
    )
