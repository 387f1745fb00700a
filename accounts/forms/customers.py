"""Forms about customers, and the filter of their list."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts.forms.base import PortalForm
from accounts.models import Customer
from accounts.models.customer import CustomerQuerySet

NO_PHONE = {"invalid": _("Please enter a phone number with its area code, like (541) 555-0142.")}


class CustomerForm(PortalForm):
    """A customer's own data; phones and further people are contacts."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind.choices, initial=Customer.Kind.PERSON)
    name = forms.CharField(label=_("Name"), max_length=200)
    number = forms.CharField(
        label=_("Account number"), max_length=20, required=False, help_text=_("Leave empty for the next free one.")
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    region = forms.CharField(label=_("State"), max_length=100, required=False)
    postal_code = forms.CharField(label=_("ZIP code"), max_length=20, required=False)
    country = forms.RegexField(label=_("Country"), regex=r"^[A-Z]{2}$", max_length=2, initial="US")
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class CustomerCreateForm(CustomerForm):
    """A new customer, with the first phone number at once."""

    phone = PhoneNumberField(label=_("Phone"), required=False, error_messages=NO_PHONE)
    field_order = ["name", "kind", "phone", "email", "street", "city", "region", "postal_code", "country"]


class ContactForm(PortalForm):
    """A way to reach a customer."""

    phone = PhoneNumberField(label=_("Phone"), required=False, error_messages=NO_PHONE)
    email = forms.EmailField(label=_("E-mail"), required=False)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.CharField(
        label=_("Role"), max_length=100, required=False, help_text=_("home, cell, owner, bookkeeper …")
    )


class CustomerFilter(django_filters.FilterSet):
    """What the customers' list can be narrowed to."""

    q = django_filters.CharFilter(
        method="search",
        label=_("Name, account, phone, street or city"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    status = django_filters.ChoiceFilter(choices=Customer.Status.choices, label=_("Status"), empty_label=_("any"))
    kind = django_filters.ChoiceFilter(choices=Customer.Kind.choices, label=_("Kind"), empty_label=_("any"))

    class Meta:
        model = Customer
        fields = ["q", "status", "kind"]

    def search(self, rows: CustomerQuerySet, _name: str, value: str) -> CustomerQuerySet:
        """By any scraps of what is known of a customer, or by digits of a phone number."""
        return rows.matching(value)
