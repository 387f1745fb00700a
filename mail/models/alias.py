"""Addresses that lead elsewhere: aliases, the catch-all, and whole domains."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Domain
from mail.models.mailbox import one_address_trigger
from mail.models.scoping import DomainScopedQuerySet
from roguelink.db.history import tracked
from roguelink.db.versions import Versioned


class AliasQuerySet(DomainScopedQuerySet["Alias"]):
    """Aliases, tombstones included; `live()` leaves those out."""

    def live(self) -> AliasQuerySet:
        """Aliases that are not deleted."""
        return self.filter(deleted_at=None)

    def deleted(self) -> AliasQuerySet:
        """Tombstones, which can be brought back for settings.UNDO_DAYS."""
        return self.exclude(deleted_at=None)

    def with_target(self, **conditions: Any) -> AliasQuerySet:
        """Aliases that have a target of which this is so."""
        return self.filter(Exists(AliasTarget.objects.filter(alias=OuterRef("pk"), **conditions)))

    def dead(self) -> AliasQuerySet:
        """Aliases in force that lead to an address which takes no mail."""
        return self.filter(is_active=True).with_target(is_dead=True)

    def for_display(self) -> AliasQuerySet:
        """With what a list row shows, in two queries."""
        return self.select_related("domain__customer").prefetch_related("targets")


@tracked()
class Alias(Versioned):
    """An address whose mail goes to its targets. An empty local part is the domain's catch-all, `@domain`."""

    domain = models.ForeignKey(Domain, models.PROTECT, related_name="aliases")
    local_part = models.CharField(_("address"), max_length=64, blank=True)
    address = models.CharField(_("address"), max_length=320, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [
            models.UniqueConstraint(fields=["domain", "local_part"], name="alias_unique_in_domain"),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="alias_address_lower_case"),
            models.CheckConstraint(
                condition=Q(address__startswith=Concat(F("local_part"), Value("@"))),
                name="alias_address_of_local_part",
            ),
        ]
        indexes = [
            models.Index(fields=["domain", "address"], name="alias_by_domain"),
            models.Index(fields=["created_at", "id"], name="alias_by_age"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="alias_deleted"),
            GinIndex(OpClass("address", name="gin_trgm_ops"), name="alias_address_trigram"),
        ]
        triggers = [one_address_trigger("mail_mailbox")]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        """The alias's page."""
        return reverse("mail:alias-detail", args=[self.pk])

    @property
    def is_catch_all(self) -> bool:
        """True when it takes whatever no other address of the domain takes."""
        return self.local_part == ""

    @property
    def is_deleted(self) -> bool:
        """True for a tombstone that can still be brought back."""
        return self.deleted_at is not None

    @property
    def has_expired(self) -> bool:
        """True when its time is over; the mail servers no longer see it."""
        return self.expires_at is not None and self.expires_at <= timezone.now()


class AliasTargetQuerySet(DomainScopedQuerySet["AliasTarget"]):
    """Targets are seen by those who see the alias."""

    domain_path = "alias__domain_id"


@tracked(exclude=("is_dead",))
class AliasTarget(models.Model):
    """One address to which an alias leads.

    `is_dead` is what mail.services.dead_targets last found: mail to it is refused here. It is for lists and
    counts; a page asks afresh.
    """

    alias = models.ForeignKey(Alias, models.CASCADE, related_name="targets")
    target = models.CharField(_("goes to"), max_length=320)
    is_dead = models.BooleanField(_("takes no mail"), db_default=False, editable=False)

    objects = AliasTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["target"]
        constraints = [
            models.UniqueConstraint(fields=["alias", "target"], name="aliastarget_once_a_target"),
            models.CheckConstraint(condition=Q(target__contains="@"), name="aliastarget_is_address"),
        ]
        indexes = [
            models.Index(fields=["target"], name="aliastarget_by_target"),
            models.Index(fields=["alias"], condition=Q(is_dead=True), name="aliastarget_dead"),
            GinIndex(OpClass("target", name="gin_trgm_ops"), name="aliastarget_trigram"),
        ]

    def __str__(self) -> str:
        return self.target


class AliasDomainQuerySet(DomainScopedQuerySet["AliasDomain"]):
    """Seen by those who administer the alias domain."""

    def for_display(self) -> AliasDomainQuerySet:
        """With both domains."""
        return self.select_related("domain", "target")


@tracked()
class AliasDomain(Versioned):
    """A domain whose addresses are those of another: `x@alias` is `x@target` wherever that exists."""

    domain = models.OneToOneField(Domain, models.CASCADE, related_name="alias_of", verbose_name=_("alias domain"))
    target = models.ForeignKey(Domain, models.PROTECT, related_name="alias_domains", verbose_name=_("stands for"))
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = AliasDomainQuerySet.as_manager()

    class Meta:
        verbose_name = _("alias domain")
        verbose_name_plural = _("alias domains")
        constraints = [models.CheckConstraint(condition=~Q(domain=F("target")), name="aliasdomain_not_itself")]

    def __str__(self) -> str:
        return f"{self.domain} = {self.target}"

    def get_absolute_url(self) -> str:
        """The alias domain's page."""
        return reverse("mail:aliasdomain-edit", args=[self.pk])
