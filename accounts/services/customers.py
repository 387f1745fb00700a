"""Every change of a customer goes through here."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import CustomerError
from accounts.models import Customer, User
from accounts.permissions import require
from roguelink.db.versions import write_changes


@transaction.atomic
def create_customer(actor: User, *, name: str, number: str = "", **details: Any) -> Customer:
    """Take on a customer. Without an account number the next free one is given.

    `details` are further columns of Customer. Raises CustomerError for a number that is taken.
    """
    require(actor, "customer.create")
    number = number.strip() or _next_number()
    try:
        with transaction.atomic():
            return Customer.objects.create(name=name.strip(), number=number, **details)
    except IntegrityError as error:
        raise CustomerError(_("Another customer has this account number."), field="number") from error


@transaction.atomic
def change_customer(actor: User, *, customer: Customer, version: int | None, **changes: Any) -> Customer:
    """Change columns of a customer. Raises StaleObject when the form was older than the customer."""
    require(actor, "customer.change", customer)
    try:
        with transaction.atomic():
            return write_changes(customer, expected=version, changes=changes)
    except IntegrityError as error:
        raise CustomerError(_("Another customer has this account number."), field="number") from error


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('accounts_customer_number')")
        return str(cursor.fetchone()[0])
