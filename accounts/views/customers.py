"""Pages about customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.forms.customers import CustomerFilter, CustomerForm
from accounts.models import Customer
from accounts.permissions import may
from accounts.services import customers
from accounts.views.base import DetailPage
from accounts.views.forms import FormPage
from accounts.views.lists import Column, ListPage


class CustomerList(ListPage):
    """Everybody who has an account."""

    action = "customer.view"
    model = Customer
    title = _("Customers")
    row_template = "accounts/customer/_row.html"
    filterset_class = CustomerFilter
    default_sort = "name"
    columns = (
        Column("name", _("Name"), sort="name"),
        Column("number", _("Account"), sort="number"),
        Column("city", _("City"), hide_small=True),
        Column("status", _("Status")),
    )
    csv_header = ("number", "name", "kind", "email", "street", "city", "state", "zip", "country", "status")
    csv_name = "customers.csv"
    empty_title = _("No customers yet")
    empty_text = _("A customer is who pays. Create one first; domains and mailboxes belong to a customer.")

    def new_url(self) -> str:
        return reverse("accounts:customer-create") if may(self.user, "customer.create") else ""

    def new_label(self) -> Any:
        return _("New customer")

    def csv_row(self, obj: Customer) -> Sequence[Any]:
        return (
            *(obj.number, obj.name, obj.kind, obj.email, obj.street),
            *(obj.city, obj.region, obj.postal_code, obj.country, obj.status),
        )


class CustomerDetail(DetailPage):
    """One customer: who it is, how to reach him, what he has."""

    action = "customer.view"
    model = Customer
    template_name = "accounts/customer/detail.html"


class CustomerCreate(FormPage):
    """Take on a customer."""

    action = "customer.create"
    form_class = CustomerForm
    title = _("New customer")
    submit_label = _("Create customer")

    def perform(self, form: PortalForm) -> Customer:
        return customers.create_customer(self.user, **form.service_data())

    def cancel_url(self) -> str:
        return reverse("accounts:customer-list")


class CustomerEdit(FormPage):
    """Change a customer's data."""

    action = "customer.change"
    model = Customer
    form_class = CustomerForm
    title = _("Change customer")

    def perform(self, form: PortalForm) -> Customer:
        return customers.change_customer(
            self.user, customer=self.object, version=form.cleaned_data["version"], **form.service_data()
        )
