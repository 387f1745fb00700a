"""A domain, whose it is, what its limits are, and who administers it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.customer import Customer
from accounts.models.user import Level, User
from roguelink.db.history import tracked
from roguelink.db.versions import Versioned

# Letters-digits-hyphen labels of at most 63 octets, at least two of them (RFC 1035 2.3.1, RFC 1123 2.1).
A_LABELS = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"


class DomainQuerySet(models.QuerySet["Domain"]):
    """Domains, tombstones included; `live()` leaves those out."""

    def visible_to(self, user: User | AnonymousUser) -> DomainQuerySet:
        """All for staff; for others the domains given to them."""
        if not user.is_active:
            return self.none()
        if user.level >= Level.STAFF:
            return self.all()
        return self.filter(pk__in=administered_domain_ids(user), deleted_at=None)

    def live(self) -> DomainQuerySet:
        """Domains that are not deleted."""
        return self.filter(deleted_at=None)

    def for_display(self) -> DomainQuerySet:
        """With what a list row or the page shows."""
        return self.select_related("customer")


@tracked()
class Domain(Versioned):
    """A name under which mail and sites live. Stored as A-labels in lower case, shown as Unicode.

    Limits: None means none. Sizes are in bytes.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")

    class Kind(models.TextChoices):
        HOSTED = "hosted", _("mailboxes here")
        RELAY = "relay", _("backup mail server only")

    name = models.CharField(_("domain"), max_length=253, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="domains", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HOSTED)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    max_mailboxes = models.PositiveIntegerField(_("mailboxes at most"), null=True, blank=True)
    max_aliases = models.PositiveIntegerField(_("aliases at most"), null=True, blank=True)
    max_lists = models.PositiveIntegerField(_("lists at most"), null=True, blank=True)
    quota_total_bytes = models.PositiveBigIntegerField(_("space for all mailboxes"), null=True, blank=True)
    quota_mailbox_bytes = models.PositiveBigIntegerField(_("largest mailbox"), null=True, blank=True)
    quota_default_bytes = models.PositiveBigIntegerField(_("usual mailbox"), default=2 * 1024**3)
    catch_all_allowed = models.BooleanField(_("catch-all allowed"), default=False)
    external_forwards_allowed = models.BooleanField(_("forwards to outside allowed"), default=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects = DomainQuerySet.as_manager()

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        constraints = [
            models.CheckConstraint(condition=Q(name__regex=A_LABELS), name="domain_name_is_a_labels"),
            models.CheckConstraint(condition=Q(name=Lower("name")), name="domain_name_lower_case"),
            models.CheckConstraint(condition=Q(status__in=["active", "suspended"]), name="domain_status_known"),
            models.CheckConstraint(condition=Q(kind__in=["hosted", "relay"]), name="domain_kind_known"),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="domain_by_age"),
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="domain_name_trigram"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The domain's page."""
        return reverse("accounts:domain-detail", args=[self.pk])

    @property
    def domain_id(self) -> int:
        """Its own id: the rule table asks every object for the domain it belongs to."""
        return self.pk

    @property
    def is_deleted(self) -> bool:
        """True for a tombstone that can still be brought back."""
        return self.deleted_at is not None


class DomainAdminQuerySet(models.QuerySet["DomainAdmin"]):
    """Who administers what."""

    def visible_to(self, user: User | AnonymousUser) -> DomainAdminQuerySet:
        """All for staff; for others their own grants."""
        if not user.is_active:
            return self.none()
        return self.all() if user.level >= Level.STAFF else self.filter(user=user)


@tracked()
class DomainAdmin(Versioned):
    """A domain given to a person, with switches of what he may do there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="domain_grants")
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="admins")
    manage_mailboxes = models.BooleanField(_("create, change and delete mailboxes"), default=True)
    manage_aliases = models.BooleanField(_("create, change and delete aliases"), default=True)
    reset_passwords = models.BooleanField(_("set new passwords"), default=True)
    set_quotas = models.BooleanField(_("set quotas within the domain's limits"), default=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    SWITCHES = ("manage_mailboxes", "manage_aliases", "reset_passwords", "set_quotas")

    objects = DomainAdminQuerySet.as_manager()

    class Meta:
        verbose_name = _("domain administrator")
        verbose_name_plural = _("domain administrators")
        constraints = [models.UniqueConstraint(fields=["user", "domain"], name="domainadmin_once_a_domain")]

    def __str__(self) -> str:
        return f"{self.user} → {self.domain}"


def administered_domain_ids(user: User) -> list[int]:
    """The ids of the domains given to this person, without a query once his grants are known.

    As values and not as a subquery: only then does PostgreSQL see how few they are, and go by the index of
    the domains where the condition also says "or his own" (2 ms; it read a million mailboxes, 1 s, before).
    """
    return list(user.administered)
