"""Pages about customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import contributions
from accounts.forms.base import PortalForm
from accounts.forms.customers import CustomerCreateForm, CustomerFilter, CustomerForm
from accounts.models import Customer
from accounts.permissions import may
from accounts.services import customers
from accounts.views.base import DetailPage
from accounts.views.domains import count_what_they_hold
from accounts.views.forms import ActionPage, FormPage
from accounts.views.lists import Column, ListPage

MAX_DOMAINS = 200  # on the customer's page; beyond that the domains' list serves better


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
        Column("phone", _("Phone"), hide_small=True),
        Column("city", _("City"), hide_small=True),
        Column("domains", _("Domains"), hide_small=True),
        Column("status", _("Status")),
        Column("age", _("Since"), sort="created_at", hide_small=True),
    )
    csv_header = ("number", "name", "kind", "phone", "email", "street", "city", "state", "zip", "country", "status")
    csv_name = "customers.csv"
    empty_title = _("No customers yet")
    empty_text = _("A customer is who pays. Create one first; domains and mailboxes belong to a customer.")

    def new_url(self) -> str:
        return reverse("accounts:customer-create") if may(self.user, "customer.create") else ""

    def new_label(self) -> Any:
        return _("New customer")

    def csv_row(self, obj: Customer) -> Sequence[Any]:
        return (
            *(obj.number, obj.name, obj.kind, obj.first_phone, obj.email, obj.street),
            *(obj.city, obj.region, obj.postal_code, obj.country, obj.status),
        )


class CustomerDetail(DetailPage):
    """One customer: who it is, how to reach him, what he has."""

    action = "customer.view"
    model = Customer
    template_name = "accounts/customer/detail.html"

    def get_context(self, obj: Customer) -> dict[str, Any]:
        owned = list(obj.domains.select_related("customer").order_by("name")[:MAX_DOMAINS])
        count_what_they_hold(owned)
        return {
            "contacts": obj.contacts.all(),
            "may_change": may(self.user, "customer.change", obj),
            "domains": owned,
            "panels": [panel for make in contributions.customer_panels if (panel := make(self.request, obj))],
            "can": {"domain": may(self.user, "domain.create")},
        }


class CustomerCreate(FormPage):
    """Take on a customer."""

    action = "customer.create"
    form_class = CustomerCreateForm
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


class CustomerStatus(ActionPage):
    """What the three pages that change a customer's state share."""

    action = "customer.suspend"
    model = Customer
    status: ClassVar[str]

    def perform(self, form: PortalForm) -> Customer:
        return customers.set_customer_status(self.user, customer=self.object, status=self.status)


class CustomerSuspend(CustomerStatus):
    """Stop everything of a customer."""

    title = _("Suspend customer")
    submit_label = _("Suspend")
    status = Customer.Status.SUSPENDED

    def consequences(self) -> list[Any]:
        return [
            _("No mail of this customer works any more: none arrives, and no mail program can sign in."),
            _("Everything stays."),
        ]


class CustomerActivate(CustomerStatus):
    """Let everything of a customer work again."""

    title = _("Activate customer")
    submit_label = _("Activate")
    status = Customer.Status.ACTIVE

    def consequences(self) -> list[Any]:
        return [_("All domains of this customer that are not suspended themselves work again.")]


class CustomerClose(CustomerStatus):
    """He is no longer a customer."""

    action = "customer.close"
    title = _("Close account")
    submit_label = _("Close account")
    status = Customer.Status.CLOSED
    danger = True

    def consequences(self) -> list[Any]:
        return [
            _("No mail of this customer works any more: none arrives, and no mail program can sign in."),
            _("Everything stays, and the account can be activated again."),
        ]
