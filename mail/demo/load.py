"""Loading the demo: all of it or nothing, in one transaction, in a few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.demo import history
from accounts.demo.domains import Plot, create_admins, create_domains, plan_plots
from accounts.demo.people import FEED_DOMAIN, ISP_DOMAIN, businesses, create_contacts, create_customers
from accounts.models import Contact, Customer, Domain, DomainAdmin, User
from mail.demo.aliases import create_alias_domains, create_aliases
from mail.demo.boxes import ADMIN_LOCAL_PART, Ground, create_mailboxes
from mail.models import Alias, AliasDomain, AliasTarget, Forward, Mailbox, MailServer
from mail.services import dead_targets
from roguelink.errors import ServiceError

PASSWORD = "fish-the-rogue"  # noqa: S105 (no secret: it is printed, and stands in the README)
OWNER = f"owner@{ISP_DOMAIN}"
HOTLINE = f"hotline@{ISP_DOMAIN}"
DOMAIN_ADMIN = f"{ADMIN_LOCAL_PART}@{FEED_DOMAIN}"
END_USER = f"walt.boone@{ISP_DOMAIN}"
LOGINS = (
    (HOTLINE, gettext_lazy("hotline: customers, domains, mailboxes, everything but staff accounts")),
    (DOMAIN_ADMIN, gettext_lazy("domain administrator of grantspassfeed.example, with a mailbox there")),
    (END_USER, gettext_lazy("owner of a mailbox")),
    (OWNER, gettext_lazy("owner of the provider: staff accounts and servers as well")),
)
# What the log tells the beginning of, from the column that says when; and what it says nothing of.
TOLD_LATER: dict[type[Model], str] = {
    Customer: "created_at",
    Domain: "created_at",
    DomainAdmin: "created_at",
    Mailbox: "created_at",
    Alias: "created_at",
    User: "date_joined",
}
NOT_TOLD = (Contact, MailServer, Forward, AliasTarget, AliasDomain)


class DemoError(ServiceError):
    """The demo cannot be loaded here."""


@dataclass(frozen=True)
class Size:
    """How many of each, deleted ones included. A few are the least: the logins need them."""

    domains: int = 200
    mailboxes: int = 2000
    aliases: int = 1000
    customers: int = 600

    def __post_init__(self) -> None:
        if self.domains < 2 or self.mailboxes < 2 or self.customers < 3 or self.aliases < 0:
            raise DemoError(_("The demo needs at least two domains, two mailboxes and three customers."))


def is_empty() -> bool:
    """Whether nobody has begun to use this database."""
    return not any(model.objects.exists() for model in (User, Customer, Domain))


@transaction.atomic
def load(size: Size, *, seed: int) -> None:
    """Fill an empty database. The same seed gives the same names, counted from today.

    Raises DemoError where anything real could be: then nothing is changed.
    """
    if not is_empty():
        raise DemoError(
            _("This database has customers, domains or logins already. The demo goes only into an empty one.")
        )
    rng, now = Random(seed), timezone.now()  # noqa: S311 (no secret)
    with history.unrecorded(*TOLD_LATER, *NOT_TOLD):
        password = make_password(PASSWORD)
        staff = _create_staff(password, now)
        persons, plots = _create_customers(rng, size, now)
        domains = create_domains(rng, plots, now)
        ground = Ground(rng, now, _default_server(), password)
        mailboxes = create_mailboxes(ground, domains, [plot.seats for plot in plots], persons)
        create_alias_domains(domains, plots)
        create_aliases(rng, domains, mailboxes, count=size.aliases, now=now)
        _appoint_admins(rng, mailboxes)
    dead_targets.look_at_all()
    _write_history(staff)


def _create_staff(password: str, now: datetime) -> list[User]:
    """The people at the desk, the owner last."""
    since = now - timedelta(days=700)
    people = [("Maria Escobar", HOTLINE, False), ("Tom Rasmussen", f"tom@{ISP_DOMAIN}", False)]
    return User.objects.bulk_create(
        User(email=email, name=name, password=password, date_joined=since, is_staff=True, is_superuser=is_owner)
        for name, email, is_owner in [*people, ("Ellen Merritt", OWNER, True)]
    )


def _create_customers(rng: Random, size: Size, now: datetime) -> tuple[list[Customer], list[Plot]]:
    """The people at home, and which domains the companies will have."""
    wanted = list(islice(businesses(rng), size.domains))
    companies = min(max(2, size.domains * 17 // 20), size.customers - 1)
    customers = create_customers(rng, wanted[:companies], size.customers - companies, now)
    create_contacts(rng, customers)
    plots = plan_plots(rng, wanted, customers[:companies], domains=size.domains, mailboxes=size.mailboxes)
    return customers[companies:], plots


def _default_server() -> MailServer:
    """The server that new mailboxes go to; the portal may have been told of one already."""
    return MailServer.objects.filter(is_default=True).first() or MailServer.objects.create(
        name="mail1", host="127.0.0.1", public_host=f"mail.{ISP_DOMAIN}", is_default=True
    )


def _appoint_admins(rng: Random, mailboxes: list[Mailbox]) -> None:
    """In every second company the first mailbox belongs to who looks after the others."""
    first = {mailbox.domain_id: mailbox for mailbox in reversed(mailboxes)}
    at_work = [mailbox for mailbox in first.values() if mailbox.domain.name != ISP_DOMAIN]
    at_work.sort(key=lambda mailbox: mailbox.pk)
    create_admins(rng, [(mailbox.user, mailbox.domain) for mailbox in at_work[::2]])


def _write_history(staff: list[User]) -> None:
    """Who took on whom, when; and what was suspended and deleted since."""
    for model, at in TOLD_LATER.items():
        history.write_creation(model, at=at, by=staff)
    recently = "greatest(created_at, now() - interval '7 hours' * (1 + id %% 90))"
    for suspended in (Customer, Domain, Mailbox):
        where = "status = 'suspended'"
        history.write_change(suspended, column="status", old="active", at=recently, where=where, by=staff)
    for deleted in (Domain, Mailbox, Alias):
        where = "deleted_at IS NOT NULL"
        history.write_change(deleted, column="deleted_at", old=None, at="deleted_at", where=where, by=staff)
