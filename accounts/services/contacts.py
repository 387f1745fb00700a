"""Phones and people of a customer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import CustomerError
from accounts.models import Contact, Customer, User
from accounts.permissions import require
from roguelink.db.versions import write_changes


@transaction.atomic
def create_contact(
    actor: User, *, customer: Customer, phone: str = "", email: str = "", name: str = "", role: str = ""
) -> Contact:
    """Add a way to reach a customer. Raises CustomerError where it would reach nobody."""
    require(actor, "customer.change", customer)
    _must_reach(phone, email, name)
    return Contact.objects.create(customer=customer, phone=phone, email=email, name=name, role=role)


@transaction.atomic
def change_contact(
    actor: User,
    *,
    contact: Contact,
    version: int | None,
    phone: str = "",
    email: str = "",
    name: str = "",
    role: str = "",
) -> Contact:
    """Change all of it. Raises CustomerError where it would reach nobody, StaleObject for an older form."""
    require(actor, "customer.change", contact.customer)
    _must_reach(phone, email, name)
    changes = {"phone": phone, "email": email, "name": name, "role": role}
    return write_changes(contact, expected=version, changes=changes)


@transaction.atomic
def delete_contact(actor: User, *, contact: Contact) -> None:
    """Remove it; the history keeps it."""
    require(actor, "customer.change", contact.customer)
    contact.delete()


def _must_reach(phone: str, email: str, name: str) -> None:
    if not (phone or email or name):
        raise CustomerError(_("Please enter a phone number, an e-mail address or a name."), field="phone")
