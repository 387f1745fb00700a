"""How the objects of this app appear in the log."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import Row, Tracked
from accounts.models import Contact, Customer, Domain, DomainAdmin, Impersonation, SecondFactor, User
from accounts.names import to_unicode
from accounts.services import customers, domains

CUSTOMER_COLUMNS = frozenset(
    ["kind", "name", "number", "email", "street", "city", "region", "postal_code", "country", "notes", "status"]
)
DOMAIN_COLUMNS = frozenset(
    ["max_mailboxes", "max_aliases", "max_lists", "quota_total_bytes", "quota_mailbox_bytes", "quota_default_bytes",
     "catch_all_allowed", "external_forwards_allowed", "kind", "status", "deleted_at"]
)  # fmt: skip


def _page(url_name: str, column: str = "id") -> Any:
    """A function that leads from a row to a page."""
    return lambda row: reverse(url_name, args=[row[column]])


def _undo_customer(actor: User, customer: Customer, changes: dict[str, Any]) -> Any:
    if changes.keys() == {"status"}:
        return customers.set_customer_status(actor, customer=customer, **changes)
    return customers.change_customer(actor, customer=customer, version=None, **changes)


def _undo_domain(actor: User, domain: Domain, changes: dict[str, Any]) -> Any:
    if changes == {"status": Domain.Status.ACTIVE}:
        return domains.activate_domain(actor, domain=domain)
    if changes == {"status": Domain.Status.SUSPENDED}:
        return domains.suspend_domain(actor, domain=domain)
    if changes.keys() == {"deleted_at"}:
        back = domains.restore_domain if changes["deleted_at"] is None else domains.delete_domain
        return back(actor, domain=domain)
    return domains.change_domain(actor, domain=domain, version=None, **changes)


def _contact(row: Row) -> str:
    return " ".join(filter(None, [row["name"], row["phone"], row["email"]]))


def _second_factor(row: Row) -> str:
    kind = dict(SecondFactor.Type.choices).get(row["type"], row["type"])
    return str(_("%(kind)s of login %(id)s") % {"kind": kind, "id": row["user_id"]})


TRACKED = (
    Tracked(
        "customer",
        _("customer"),
        Customer,
        title=lambda row: row["name"],
        url=_page("accounts:customer-detail"),
        undo=_undo_customer,
        undo_columns=CUSTOMER_COLUMNS,
    ),
    Tracked("contact", _("contact"), Contact, _contact, _page("accounts:customer-detail", "customer_id")),
    Tracked(
        "domain",
        _("domain"),
        Domain,
        title=lambda row: to_unicode(row["name"]),
        url=_page("accounts:domain-detail"),
        domain_path="pgh_obj_id",
        undo=_undo_domain,
        undo_columns=DOMAIN_COLUMNS,
        for_staff=frozenset({"customer_id"}),
    ),
    Tracked(
        "administrator",
        _("domain administrator"),
        DomainAdmin,
        title=lambda row: str(_("login %(id)s") % {"id": row["user_id"]}),
        url=_page("accounts:domain-detail", "domain_id"),
        domain_path="domain_id",
        person="user_id",
    ),
    Tracked("second factor", _("second factor"), SecondFactor, _second_factor),
    Tracked("login", _("login"), User, title=lambda row: row["email"]),
    Tracked("log in as", _("log in as"), Impersonation, title=lambda row: row["reason"]),
)
