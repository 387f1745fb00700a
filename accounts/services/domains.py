"""Every change of a domain goes through here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.models import Customer, Domain, User
from accounts.names import to_a_label
from accounts.permissions import require
from roguelink.db.versions import write_changes
from roguelink.errors import NotAllowed


@transaction.atomic
def create_domain(actor: User, *, name: str, customer: Customer, **limits: Any) -> Domain:
    """Take a domain on for a customer. `limits` are further columns of Domain.

    Raises DomainError at `name` for what is no name or is taken, at `customer` for a closed one.
    """
    require(actor, "domain.create")
    name = to_a_label(name)
    if customer.status == Customer.Status.CLOSED:
        raise DomainError(_("%(customer)s is no longer a customer.") % {"customer": customer}, field="customer")
    taken = Domain.objects.filter(name=name).select_related("customer").first()
    if taken is not None:
        raise DomainError(_explain_taken(taken), field="name")
    try:
        with transaction.atomic():
            return Domain.objects.create(name=name, customer=customer, **limits)
    except IntegrityError as error:
        raise DomainError(_("%(name)s is here already.") % {"name": name}, field="name") from error


@transaction.atomic
def change_domain(actor: User, *, domain: Domain, version: int | None, **changes: Any) -> Domain:
    """Change customer or limits. A limit below what is in use stops what is new; what is there stays."""
    require(actor, "domain.change", domain)
    _must_be_there(domain)
    return write_changes(domain, expected=version, changes=changes)


@transaction.atomic
def suspend_domain(actor: User, *, domain: Domain) -> Domain:
    """Stop everything in the domain: mail is refused, nobody signs in. What is there stays."""
    return _set_status(actor, domain, Domain.Status.SUSPENDED)


@transaction.atomic
def activate_domain(actor: User, *, domain: Domain) -> Domain:
    """Let a suspended domain work again."""
    return _set_status(actor, domain, Domain.Status.ACTIVE)


@transaction.atomic
def delete_domain(actor: User, *, domain: Domain) -> Domain:
    """Put up a tombstone: all in the domain stops, and for settings.UNDO_DAYS all of it can be brought back."""
    require(actor, "domain.delete", domain)
    _must_be_there(domain)
    return write_changes(domain, expected=None, changes={"deleted_at": timezone.now()})


@transaction.atomic
def restore_domain(actor: User, *, domain: Domain) -> Domain:
    """Bring a deleted domain back, with all that is in it."""
    require(actor, "domain.delete", domain)
    if domain.deleted_at is None:
        return domain
    return write_changes(domain, expected=None, changes={"deleted_at": None})


def _set_status(actor: User, domain: Domain, status: str) -> Domain:
    require(actor, "domain.suspend", domain)
    _must_be_there(domain)
    if domain.status == status:
        return domain
    return write_changes(domain, expected=None, changes={"status": status})


def _must_be_there(domain: Domain) -> None:
    if domain.deleted_at is not None:
        raise NotAllowed(_("This domain is deleted. Bring it back first."))


def _explain_taken(domain: Domain) -> str:
    if domain.deleted_at is not None:
        return _(
            "%(name)s of %(customer)s was deleted on %(date)s. Bring it back on its page; "
            "it is free %(days)s days after that."
        ) % {
            "name": domain.name,
            "customer": domain.customer,
            "date": date_format(domain.deleted_at),
            "days": settings.UNDO_DAYS,
        }
    return _("%(name)s is here already; it belongs to %(customer)s.") % {
        "name": domain.name,
        "customer": domain.customer,
    }
