"""One search over everything a person may see; the apps add their sources through `contributions`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import contributions
from accounts.contributions import Hit
from accounts.errors import DomainError
from accounts.models import Customer, Domain, User
from accounts.names import to_a_label, to_unicode
from accounts.permissions import may
from roguelink.db.matching import rank, starting_or_containing

PER_KIND = 8


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    label: str
    hits: list[Hit]


def search(user: User, typed: str) -> list[Group]:
    """Everything in scope that matches, best first within its kind; the kind with the best hit first."""
    typed = " ".join(typed.split())[:100]
    if not typed:
        return []
    groups: dict[str, list[Hit]] = {}
    for source in contributions.search_sources:
        for hit in source(user, typed, PER_KIND):
            groups.setdefault(hit.kind, []).append(hit)
    found = [Group(kind, sorted(hits, key=lambda hit: hit.rank)[:PER_KIND]) for kind, hits in groups.items()]
    return sorted(found, key=lambda group: group.hits[0].rank)


def only_exact(groups: list[Group]) -> Hit | None:
    """The one thing that is exactly what was typed, if there is just one: Enter may go straight to it."""
    exact = [hit for group in groups for hit in group.hits if hit.rank == 0]
    return exact[0] if len(exact) == 1 else None


def customers(user: User, typed: str, limit: int) -> Iterable[Hit]:
    """By account number, by words of name, e-mail, street and city, by a contact, by (half) a phone number."""
    if not may(user, "customer.view"):
        return
    for customer in Customer.objects.visible_to(user).matching(typed, at_most=limit * 4)[:limit]:
        exact = 0 if customer.number == typed else rank(customer.name.lower(), typed.lower())
        detail = ", ".join(filter(None, [customer.number, customer.street, customer.city]))
        badge = "" if customer.status == Customer.Status.ACTIVE else str(customer.get_status_display())
        yield Hit(_("Customers"), customer.name, detail, customer.get_absolute_url(), exact, badge)


def domains(user: User, typed: str, limit: int) -> Iterable[Hit]:
    """By any scrap of the name, in Unicode or as it is stored."""
    if not may(user, "domain.view"):
        return
    rows = Domain.objects.visible_to(user).select_related("customer")
    sees_customers = may(user, "customer.view")
    scrap = stored_scrap(typed)
    for domain in starting_or_containing(rows, "name", scrap, limit=limit):
        badge = (
            _("deleted") if domain.is_deleted else ("" if domain.status == "active" else domain.get_status_display())
        )
        detail = str(domain.customer) if sees_customers else ""
        url = domain.get_absolute_url()
        yield Hit(_("Domains"), to_unicode(domain.name), detail, url, rank(domain.name, scrap), str(badge))


def staff(user: User, typed: str, limit: int) -> Iterable[Hit]:
    """Staff logins, for the owner."""
    if not may(user, "staff.view"):
        return
    rows = User.objects.visible_to(user).filter(is_staff=True)
    scrap = typed.lower()
    for login in rows.filter(Q(email__contains=scrap) | Q(name__icontains=typed))[:limit]:
        url = reverse("accounts:staff-edit", args=[login.pk])
        yield Hit(_("Staff"), login.email, login.name, url, rank(login.email, scrap))


def stored_scrap(typed: str) -> str:
    """A scrap of a domain name as it is stored: letters outside ASCII make it worth encoding."""
    scrap = typed.lower()
    if scrap.isascii():
        return scrap
    try:
        return to_a_label(scrap)
    except DomainError:
        return scrap
