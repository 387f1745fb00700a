"""What the lists of mailboxes and of aliases can be narrowed to. Every choice is found by an index."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.search import stored_scrap
from mail.models import Alias, Mailbox
from mail.models.alias import AliasQuerySet
from mail.models.mailbox import MailboxQuerySet
from mail.models.scoping import DomainScopedQuerySet
from roguelink.db.matching import how_to_find


class AddressFilter(django_filters.FilterSet):
    """What both have: a domain, and tombstones only where they are asked for."""

    domain = django_filters.CharFilter(
        method="by_domain",
        label=_("Domain"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-suggest": "domain"}),
    )

    @property
    def qs(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().qs
        return rows if self.data.get("state") == "deleted" else rows.filter(deleted_at=None)

    def by_domain(self, rows: DomainScopedQuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """One domain, by its whole name."""
        return rows.of_domain(stored_scrap(value.strip()))


class MailboxFilter(AddressFilter):
    """Mailboxes by address, name, domain and state."""

    q = django_filters.CharFilter(method="by_scrap", label=_("Address or name"))
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        empty_label=_("all but deleted"),
        choices=[
            ("active", _("active")),
            ("suspended", _("suspended")),
            ("full", _("full")),
            ("nearly", _("nearly full")),
            ("forwarding", _("forwarding")),
            ("unused", _("never signed in")),
            ("deleted", _("deleted")),
        ],
    )

    class Meta:
        model = Mailbox
        fields = ["q", "domain", "state"]

    def by_scrap(self, rows: MailboxQuerySet, _name: str, value: str) -> MailboxQuerySet:
        """Any scrap of the address or the name."""
        return rows.matching(value)

    def by_state(self, rows: MailboxQuerySet, _name: str, value: str) -> MailboxQuerySet:
        """One of the states a hotline person asks for."""
        narrowed: dict[str, MailboxQuerySet] = {
            "active": rows.filter(status=Mailbox.Status.ACTIVE),
            "suspended": rows.filter(status=Mailbox.Status.SUSPENDED),
            "full": rows.full(),
            "nearly": rows.nearly_full(),
            "forwarding": rows.forwarding(),
            "unused": rows.never_signed_in(),
            "deleted": rows.deleted(),
        }
        return narrowed[value]


class AliasFilter(AddressFilter):
    """Aliases by address, target, domain and state."""

    q = django_filters.CharFilter(method="by_scrap", label=_("Address"))
    target = django_filters.CharFilter(method="by_target", label=_("Goes to"))
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        empty_label=_("all but deleted"),
        choices=[
            ("active", _("active")),
            ("dead", _("needs attention")),
            ("off", _("switched off")),
            ("expired", _("expired")),
            ("catch_all", _("catch-all")),
            ("deleted", _("deleted")),
        ],
    )

    class Meta:
        model = Alias
        fields = ["q", "target", "domain", "state"]

    def by_scrap(self, rows: AliasQuerySet, _name: str, value: str) -> AliasQuerySet:
        """Any scrap of the address."""
        scrap = value.strip().lower()
        return rows.filter(**{f"address__{how_to_find(scrap)}": scrap})

    def by_target(self, rows: AliasQuerySet, _name: str, value: str) -> AliasQuerySet:
        """Any scrap of an address it leads to."""
        scrap = value.strip().lower()
        return rows.with_target(**{f"target__{how_to_find(scrap)}": scrap})

    def by_state(self, rows: AliasQuerySet, _name: str, value: str) -> AliasQuerySet:
        """One of the states a hotline person asks for."""
        now = timezone.now()
        narrowed: dict[str, AliasQuerySet] = {
            "active": rows.filter(Q(expires_at=None) | Q(expires_at__gt=now), is_active=True),
            "dead": rows.dead(),
            "off": rows.filter(is_active=False),
            "expired": rows.filter(expires_at__lte=now),
            "catch_all": rows.filter(local_part=""),
            "deleted": rows.deleted(),
        }
        return narrowed[value]
