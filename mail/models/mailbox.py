"""One inbox, and where its mail is sent on to."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Lower, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Domain
from mail.models.scoping import DomainScopedQuerySet
from mail.models.server import MailServer
from roguelink.db.history import tracked
from roguelink.db.matching import TRIGRAM
from roguelink.db.versions import Versioned

NEARLY_FULL = 90  # per cent of the quota: from here on somebody should look

# One address is a mailbox or an alias, never both. A unique index cannot span two tables; this trigger
# can: the lock makes two writers of one address take turns, so the second one sees the first one's row.
ONE_ADDRESS = """
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.address, 0));
    IF EXISTS (SELECT 1 FROM {other} WHERE address = NEW.address) THEN
        RAISE EXCEPTION 'address % is taken', NEW.address
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'mail_one_address';
    END IF;
    RETURN NEW;
"""


def one_address_trigger(other_table: str) -> pgtrigger.Trigger:
    """The trigger that refuses an address that the other table has."""
    return pgtrigger.Trigger(
        name="one_address",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("address"),
        func=ONE_ADDRESS.format(other=other_table),
    )


class MailboxQuerySet(DomainScopedQuerySet["Mailbox"]):
    """Mailboxes, tombstones included; `live()` leaves those out."""

    owner_path = "user_id"

    def visible_to(self, user: Any) -> MailboxQuerySet:
        """As every object of a domain; tombstones only to those who may undo."""
        visible = super().visible_to(user)
        return visible if user.is_authenticated and user.level > 1 else visible.filter(deleted_at=None)

    def live(self) -> MailboxQuerySet:
        """Mailboxes that are not deleted."""
        return self.filter(deleted_at=None)

    def deleted(self) -> MailboxQuerySet:
        """Tombstones, which can be brought back for settings.UNDO_DAYS."""
        return self.exclude(deleted_at=None)

    def full(self) -> MailboxQuerySet:
        """Mailboxes that take no mail for want of space."""
        return self.filter(usage__fullness__gte=100)

    def nearly_full(self) -> MailboxQuerySet:
        """Mailboxes whose owners should be told before they are full."""
        return self.filter(usage__fullness__gte=NEARLY_FULL, usage__fullness__lt=100)

    def forwarding(self) -> MailboxQuerySet:
        """Mailboxes whose mail is sent on."""
        return self.filter(Exists(Forward.objects.filter(mailbox=OuterRef("pk"))))

    def never_signed_in(self) -> MailboxQuerySet:
        """Mailboxes that nobody has opened by any protocol.

        A scalar subquery and no anti-join: of a million rows in order it reads only as many as a page needs.
        """
        last_logins = apps.get_model("mail", "LastLogin").objects.filter(mailbox=OuterRef("address"))
        return self.alias(last=Coalesce(Subquery(last_logins.values("at")[:1]), 0)).filter(last=0)

    def matching(self, scrap: str) -> MailboxQuerySet:
        """Any scrap of the address or the name; of fewer than three letters, the beginning of the address."""
        scrap = scrap.strip().lower()
        if len(scrap) < TRIGRAM:
            return self.filter(address__startswith=scrap)
        return self.filter(Q(address__contains=scrap) | Q(name__icontains=scrap))

    def for_display(self) -> MailboxQuerySet:
        """With what a list row or the page shows, in one query."""
        return self.select_related("domain__customer", "user", "server", "usage")


@tracked()
class Mailbox(Versioned):
    """One inbox. What the mail server does is derived from this row, never the reverse.

    `address` is local part and domain in A-label form, lower case. The password is the user's.
    `quota_bytes` 0 means no limit.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")

    PROTOCOLS = ("imap", "pop3", "smtp", "sieve")

    domain = models.ForeignKey(Domain, models.PROTECT, related_name="mailboxes")
    local_part = models.CharField(_("address"), max_length=64)
    address = models.CharField(_("address"), max_length=320, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mailbox")
    server = models.ForeignKey(MailServer, models.PROTECT, related_name="mailboxes", verbose_name=_("server"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    quota_bytes = models.PositiveBigIntegerField(_("quota"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    imap = models.BooleanField(_("IMAP"), default=True)
    pop3 = models.BooleanField(_("POP3"), default=True)
    smtp = models.BooleanField(_("sending"), default=True)
    sieve = models.BooleanField(_("filters"), default=True)
    keep_copy = models.BooleanField(_("keep a copy of forwarded mail"), default=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [
            models.UniqueConstraint(fields=["domain", "local_part"], name="mailbox_unique_in_domain"),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="mailbox_address_lower_case"),
            models.CheckConstraint(
                condition=Q(address__startswith=Concat(F("local_part"), Value("@"))),
                name="mailbox_address_of_local_part",
            ),
            models.CheckConstraint(condition=Q(status__in=["active", "suspended"]), name="mailbox_status_known"),
        ]
        indexes = [
            models.Index(fields=["domain", "address"], name="mailbox_by_domain"),
            models.Index(fields=["created_at", "id"], name="mailbox_by_age"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="mailbox_deleted"),
            models.Index(fields=["address"], condition=Q(status="suspended"), name="mailbox_suspended"),
            GinIndex(OpClass("address", name="gin_trgm_ops"), name="mailbox_address_trigram"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="mailbox_name_trigram"),
        ]
        triggers = [one_address_trigger("mail_alias")]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        """The mailbox's page."""
        return reverse("mail:mailbox-detail", args=[self.pk])

    @property
    def is_deleted(self) -> bool:
        """True for a tombstone that can still be brought back."""
        return self.deleted_at is not None

    @property
    def protocols(self) -> dict[str, bool]:
        """Each protocol as people call it, and whether it is on."""
        return {name.upper(): getattr(self, name) for name in self.PROTOCOLS}


class ForwardQuerySet(DomainScopedQuerySet["Forward"]):
    """Forwards are seen by those who see the mailbox."""

    domain_path = "mailbox__domain_id"
    owner_path = "mailbox__user_id"


@tracked()
class Forward(models.Model):
    """One address to which a mailbox sends its mail on; `Mailbox.keep_copy` says whether it also stays."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="forwards")
    target = models.CharField(_("forward to"), max_length=320)

    objects = ForwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("forward")
        verbose_name_plural = _("forwards")
        ordering = ["target"]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "target"], name="forward_once_a_target"),
            models.CheckConstraint(condition=Q(target__contains="@"), name="forward_target_is_address"),
        ]
        indexes = [models.Index(fields=["target"], name="forward_by_target")]

    def __str__(self) -> str:
        return self.target
