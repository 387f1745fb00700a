"""Forms about aliases and alias domains, and the filter of the aliases' list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.forms.choices import DomainChoiceField
from mail.forms.mailboxes import TargetsField, ids_of_domain
from mail.models import Alias, AliasTarget
from roguelink.db.matching import how_to_find


class ExpiryField(forms.DateTimeField):
    """Until when; in the person's time zone, as browsers write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Until"),
            required=False,
            help_text=_("Empty: for good."),
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            **kwargs,
        )


class AliasCreateForm(PortalForm):
    """A new alias, or the domain's catch-all."""

    local_part = forms.CharField(
        label=_("Address"), max_length=64, required=False, widget=forms.TextInput(attrs={"autofocus": True})
    )
    domain = DomainChoiceField()
    catch_all = forms.BooleanField(label=_("Catch-all: whatever no other address of the domain takes"), required=False)
    targets = TargetsField(label=_("Goes to"))
    expires_at = ExpiryField()
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class AliasEditForm(PortalForm):
    """Where an alias leads, and until when."""

    targets = TargetsField(label=_("Goes to"))
    is_active = forms.BooleanField(label=_("Active"), required=False)
    expires_at = ExpiryField()
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def initial_of(self, instance: Alias) -> dict[str, Any]:
        return super().initial_of(instance) | {"targets": [target.target for target in instance.targets.all()]}


class AliasDomainForm(PortalForm):
    """A domain that shall stand for another."""

    domain = DomainChoiceField(label=_("Alias domain"))
    target = DomainChoiceField(label=_("Stands for"))


class AliasDomainEditForm(PortalForm):
    """Whether an alias domain is in force."""

    is_active = forms.BooleanField(label=_("Active"), required=False)


class AliasFilter(django_filters.FilterSet):
    """What the aliases' list can be narrowed to."""

    q = django_filters.CharFilter(method="by_scrap", label=_("Address"))
    target = django_filters.CharFilter(method="by_target", label=_("Goes to"))
    domain = django_filters.CharFilter(method="by_domain", label=_("Domain"))
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        empty_label=_("all but deleted"),
        choices=[
            ("active", _("active")),
            ("off", _("switched off")),
            ("expired", _("expired")),
            ("catch_all", _("catch-all")),
            ("deleted", _("deleted")),
        ],
    )

    class Meta:
        model = Alias
        fields = ["q", "target", "domain", "state"]

    @property
    def qs(self) -> QuerySet[Alias]:
        """Tombstones only where they are asked for."""
        rows: QuerySet[Alias] = super().qs
        return rows if self.data.get("state") == "deleted" else rows.filter(deleted_at=None)

    def by_scrap(self, rows: QuerySet[Alias], _name: str, value: str) -> QuerySet[Alias]:
        """Any scrap of the address."""
        scrap = value.strip().lower()
        return rows.filter(**{f"address__{how_to_find(scrap)}": scrap})

    def by_target(self, rows: QuerySet[Alias], _name: str, value: str) -> QuerySet[Alias]:
        """Any scrap of an address it leads to."""
        scrap = value.strip().lower()
        leading = AliasTarget._default_manager.filter(**{f"target__{how_to_find(scrap)}": scrap})
        return rows.filter(pk__in=leading.order_by().values("alias"))

    def by_domain(self, rows: QuerySet[Alias], _name: str, value: str) -> QuerySet[Alias]:
        """One domain, by its whole name."""
        return rows.filter(domain__in=ids_of_domain(value))

    def by_state(self, rows: QuerySet[Alias], _name: str, value: str) -> QuerySet[Alias]:
        """One of the states a hotline person asks for."""
        now = timezone.now()
        in_force = Q(expires_at=None) | Q(expires_at__gt=now)
        conditions = {
            "active": Q(is_active=True) & in_force,
            "off": Q(is_active=False),
            "expired": Q(expires_at__lte=now),
            "catch_all": Q(local_part=""),
            "deleted": Q(deleted_at__isnull=False),
        }
        return rows.filter(conditions[value])
