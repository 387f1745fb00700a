"""Every change of a customer goes through here."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import CustomerError
from accounts.models import Customer, User
from accounts.permissions import require
from accounts.services.contacts import create_contact
from roguelink.db.versions import write_changes


@transaction.atomic
def create_customer(actor: User, *, name: str, number: str = "", phone: str = "", **details: Any) -> Customer:
    """Take on a customer. Without an account number the next free one is given.

    `phone` (E.164) becomes his first contact; `details` are further columns of Customer.
    Raises CustomerError for a number that is taken.
    """
    require(actor, "customer.create")
    number = number.strip() or _next_number()
    try:
        with transaction.atomic():
            customer = Customer.objects.create(name=name.strip(), number=number, **details)
    except IntegrityError as error:
        raise CustomerError(_("Another customer has this account number."), field="number") from error
    if phone:
        create_contact(actor, customer=customer, phone=phone)
    return customer


@transaction.atomic
def change_customer(actor: User, *, customer: Customer, version: int | None, **changes: Any) -> Customer:
    """Change columns of a customer; an empty account number leaves the one he has.

    Raises StaleObject when the form was older than the customer, CustomerError for a number that is taken.
    """
    require(actor, "customer.change", customer)
    if not changes.get("number", "").strip():
        changes.pop("number", None)
    try:
        with transaction.atomic():
            return write_changes(customer, expected=version, changes=changes)
    except IntegrityError as error:
        raise CustomerError(_("Another customer has this account number."), field="number") from error


@transaction.atomic
def set_customer_status(actor: User, *, customer: Customer, status: str) -> Customer:
    """Suspend, close or activate a customer. Unless he is active, nothing of his works: no mail, no sign-in.

    Nothing else is written: what the mail servers read looks at the customer, so all his domains follow at once.
    """
    require(actor, "customer.close" if status == Customer.Status.CLOSED else "customer.suspend", customer)
    if customer.status == status:
        return customer
    return write_changes(customer, expected=None, changes={"status": status})


def _next_number() -> str:
    """The next of the sequence that nobody was given by hand."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval('accounts_customer_number')")
            number = str(cursor.fetchone()[0])
            if not Customer.objects.filter(number=number).exists():
                return number
