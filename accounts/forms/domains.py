"""Forms about domains and their administrators, and the filter of the domains' list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.forms.base import PortalForm
from accounts.forms.choices import CustomerChoiceField
from accounts.forms.fields import SizeField
from accounts.models import Customer, Domain, DomainAdmin
from accounts.names import to_a_label
from accounts.permissions import may

USUAL_MAILBOXES, USUAL_ALIASES = 50, 100  # of a new domain, as offered: a typing mistake shall not fill a disk


class DomainLimitsForm(PortalForm):
    """Whose a domain is, and what it may have."""

    customer = CustomerChoiceField()
    kind = forms.ChoiceField(label=_("Kind"), choices=Domain.Kind.choices, initial=Domain.Kind.HOSTED)
    max_mailboxes = forms.IntegerField(
        label=_("Mailboxes at most"), min_value=0, max_value=1_000_000, required=False, help_text=_("Empty: no limit.")
    )
    max_aliases = forms.IntegerField(
        label=_("Aliases at most"), min_value=0, max_value=1_000_000, required=False, help_text=_("Empty: no limit.")
    )
    quota_total_bytes = SizeField(label=_("Space for all mailboxes"), required=False)
    quota_mailbox_bytes = SizeField(label=_("Largest mailbox"), required=False)
    quota_default_bytes = SizeField(
        label=_("Usual mailbox"), initial=2 * 1024**3, required=False, zero_is_unlimited=True
    )
    catch_all_allowed = forms.BooleanField(label=_("A catch-all is allowed"), required=False)
    external_forwards_allowed = forms.BooleanField(
        label=_("Forwards to addresses elsewhere are allowed"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is not None:
            field = self.fields["customer"]
            field.help_text = format_html("{}. {}", self.instance.customer.name, field.help_text)


class DomainCreateForm(DomainLimitsForm):
    """A new domain."""

    name = forms.CharField(
        label=_("Domain"), max_length=253, widget=forms.TextInput(attrs={"autofocus": True, "spellcheck": "false"})
    )
    field_order = ["name", "customer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["max_mailboxes"].initial = USUAL_MAILBOXES
        self.fields["max_aliases"].initial = USUAL_ALIASES


class DomainAdminForm(PortalForm):
    """Who administers a domain, and what he may do there."""

    email = forms.CharField(
        label=_("Sign-in address"), max_length=320, help_text=_("Of a login that exists, or for a new one.")
    )
    manage_mailboxes = forms.BooleanField(label=_("Create, change and delete mailboxes"), required=False, initial=True)
    manage_aliases = forms.BooleanField(label=_("Create, change and delete aliases"), required=False, initial=True)
    reset_passwords = forms.BooleanField(label=_("Set new passwords"), required=False, initial=True)
    set_quotas = forms.BooleanField(label=_("Set quotas within the limits"), required=False, initial=True)

    def switches(self) -> dict[str, bool]:
        """What was switched on and off, as columns of DomainAdmin."""
        return {name: self.cleaned_data[name] for name in DomainAdmin.SWITCHES}


class DomainFilter(django_filters.FilterSet):
    """What the domains' list can be narrowed to."""

    q = django_filters.CharFilter(
        method="by_scrap", label=_("Domain"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    customer = django_filters.CharFilter(
        method="by_customer", label=_("Customer"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        empty_label=_("all but deleted"),
        choices=[("active", _("active")), ("suspended", _("suspended")), ("deleted", _("deleted"))],
    )
    kind = django_filters.ChoiceFilter(choices=Domain.Kind.choices, label=_("Kind"), empty_label=_("any"))

    class Meta:
        model = Domain
        fields = ["q", "customer", "state", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is None or not may(self.request.user, "customer.view"):
            del self.filters["customer"]

    @property
    def qs(self) -> QuerySet[Domain]:
        """Tombstones only where they are asked for."""
        rows: QuerySet[Domain] = super().qs
        return rows if self.data.get("state") == "deleted" else rows.filter(deleted_at=None)

    def by_scrap(self, rows: QuerySet[Domain], _name: str, value: str) -> QuerySet[Domain]:
        """Any scrap of the name, typed in Unicode or as it is stored."""
        scrap = value.strip().lower()
        return rows.filter(name__contains=scrap if scrap.isascii() else _stored(scrap))

    def by_customer(self, rows: QuerySet[Domain], _name: str, value: str) -> QuerySet[Domain]:
        """Of customers who are found by this: a part of the name, the account number, a phone number."""
        return rows.filter(customer__in=Customer._default_manager.visible_to(self.request.user).matching(value))

    def by_state(self, rows: QuerySet[Domain], _name: str, value: str) -> QuerySet[Domain]:
        """Deleted; active, which its customer must be too; or suspended, by itself or with its customer."""
        if value == "deleted":
            return rows.exclude(deleted_at=None)
        works = Q(status=Domain.Status.ACTIVE, customer__status=Customer.Status.ACTIVE)
        return rows.filter(works if value == "active" else ~works)


def _stored(scrap: str) -> str:
    try:
        return to_a_label(scrap)
    except DomainError:
        return scrap
