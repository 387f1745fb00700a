"""Every change of a domain goes through here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.limits import in_use
from accounts.models import Customer, Domain, User
from accounts.names import to_a_label
from accounts.permissions import require
from roguelink.db.versions import write_changes
from roguelink.errors import NotAllowed
from roguelink.sizes import format_size

UNDO = timedelta(days=settings.UNDO_DAYS)
SIZES = ("quota_total_bytes", "quota_mailbox_bytes", "quota_default_bytes")


@transaction.atomic
def create_domain(actor: User, *, name: str, customer: Customer, **limits: Any) -> Domain:
    """Take a domain on for a customer. `limits` are further columns of Domain.

    Raises DomainError at `name` for what is no name or is taken, at `customer` for a closed one, and at a
    limit that contradicts another.
    """
    require(actor, "domain.create")
    name = to_a_label(name)
    _must_be_customer(customer)
    _must_agree(limits)
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
    """Change customer or limits. A limit below what is in use stops what is new; what is there stays.

    Raises DomainError as `create_domain` does, StaleObject for a form that is older than the domain.
    """
    require(actor, "domain.change", domain)
    _must_be_there(domain)
    if "customer" in changes and changes["customer"] != domain.customer:
        _must_be_customer(changes["customer"])
    _must_hold_nothing_to_relay(domain, changes)
    _must_agree({name: getattr(domain, name) for name in SIZES} | changes)
    return write_changes(domain, expected=version, changes=changes)


def _must_hold_nothing_to_relay(domain: Domain, changes: dict[str, Any]) -> None:
    """A backup mail server has no addresses of its own: those that are there would silently stop."""
    if changes.get("kind") == Domain.Kind.RELAY != domain.kind:
        uses = in_use(domain)
        if uses.get("max_mailboxes") or uses.get("max_aliases"):
            raise DomainError(
                _("There are mailboxes or aliases in this domain. Delete them first, or leave the domain as it is."),
                field="kind",
            )


@transaction.atomic
def suspend_domain(actor: User, *, domain: Domain) -> Domain:
    """Stop everything in the domain: mail is refused, no mail program signs in. What is there stays."""
    return _set_status(actor, domain, Domain.Status.SUSPENDED)


@transaction.atomic
def activate_domain(actor: User, *, domain: Domain) -> Domain:
    """Let a suspended domain work again."""
    return _set_status(actor, domain, Domain.Status.ACTIVE)


@transaction.atomic
def delete_domain(actor: User, *, domain: Domain) -> Domain:
    """Put up a tombstone: all in the domain stops, and for settings.UNDO_DAYS all of it can be brought back."""
    require(actor, "domain.delete", domain)
    domain = _locked(domain)
    _must_be_there(domain)
    return write_changes(domain, expected=None, changes={"deleted_at": timezone.now()})


@transaction.atomic
def restore_domain(actor: User, *, domain: Domain) -> Domain:
    """Bring a deleted domain back, with all that is in it.

    Raises DomainError after settings.UNDO_DAYS: what was in it may have been removed in part by then.
    """
    require(actor, "domain.delete", domain)
    domain = _locked(domain)
    if domain.deleted_at is None:
        return domain
    if domain.deleted_at <= timezone.now() - UNDO:
        raise DomainError(
            _("%(name)s was deleted more than %(days)s days ago and is being removed. Create it anew tomorrow.")
            % {"name": domain.name, "days": settings.UNDO_DAYS}
        )
    return write_changes(domain, expected=None, changes={"deleted_at": None})


def _set_status(actor: User, domain: Domain, status: str) -> Domain:
    require(actor, "domain.suspend", domain)
    domain = _locked(domain)
    _must_be_there(domain)
    if domain.status == status:
        return domain
    return write_changes(domain, expected=None, changes={"status": status})


def _locked(domain: Domain) -> Domain:
    """The domain as it is now; nobody else changes it until this transaction ends."""
    return Domain.objects.select_for_update(no_key=True, of=("self",)).select_related("customer").get(pk=domain.pk)


def _must_be_customer(customer: Customer) -> None:
    if customer.status == Customer.Status.CLOSED:
        raise DomainError(_("%(customer)s is no longer a customer.") % {"customer": customer}, field="customer")


def _must_agree(limits: Mapping[str, Any]) -> None:
    """Refuse sizes of which one could never be reached because of another. None and 0: no limit."""
    total, largest, usual = (limits.get(name) for name in SIZES)
    if total and largest and largest > total:
        raise DomainError(
            _("The largest mailbox cannot be larger than the space for all: %(size)s.") % {"size": format_size(total)},
            field="quota_mailbox_bytes",
        )
    if usual and (most := largest or total) and usual > most:
        raise DomainError(
            _("The usual mailbox cannot be larger than %(size)s.") % {"size": format_size(most)},
            field="quota_default_bytes",
        )


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
