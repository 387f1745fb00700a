"""What Dovecot writes: how full a mailbox is, and when its owner last signed in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Domain
from mail.models.mailbox import NEARLY_FULL, Mailbox
from mail.models.scoping import DomainScopedQuerySet


class MailboxUsageQuerySet(DomainScopedQuerySet["MailboxUsage"]):
    """Seen by those who see the mailbox."""

    domain_path = "mailbox__domain_id"
    owner_path = "mailbox__user_id"


class MailboxUsage(models.Model):
    """Bytes and messages of a mailbox, upserted by Dovecot's quota_clone under role mta_writer.

    The key is the address as Dovecot knows it. No foreign key in the database: a delivery must never fail
    because the row it counts for is being purged.
    """

    mailbox = models.OneToOneField(
        Mailbox,
        models.DO_NOTHING,
        to_field="address",
        db_column="username",
        db_constraint=False,
        primary_key=True,
        related_name="usage",
    )
    bytes = models.BigIntegerField(_("bytes"), db_default=0)
    messages = models.BigIntegerField(_("messages"), db_default=0)
    # Per cent of the quota, 0 where there is none; a trigger keeps it (mail/sql/fullness.sql).
    fullness = models.SmallIntegerField(_("full to"), db_default=0, editable=False)

    # The mailbox's; a trigger keeps it (mail/sql/usage_of_domain.sql), so that an index adds up a domain's mail.
    domain = models.ForeignKey(
        Domain, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, editable=False, related_name="+"
    )

    objects = MailboxUsageQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage")
        verbose_name_plural = _("usage")
        indexes = [
            models.Index(fields=["-bytes"], name="mailboxusage_biggest"),
            models.Index(fields=["domain"], include=["bytes"], name="mailboxusage_of_domain"),
            models.Index(fields=["mailbox"], condition=Q(fullness__gte=NEARLY_FULL), name="mailboxusage_nearly_full"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id}: {self.bytes}"


class LastLoginQuerySet(DomainScopedQuerySet["LastLogin"]):
    """Seen by those who see the mailbox."""

    domain_path = "mailbox__domain_id"
    owner_path = "mailbox__user_id"


class LastLogin(models.Model):
    """The last sign-in of a mailbox by one protocol, upserted by Dovecot's last_login under mta_writer.

    `at` is in seconds since 1970, as Dovecot writes it.
    """

    pk = models.CompositePrimaryKey("mailbox_id", "service")
    mailbox = models.ForeignKey(
        Mailbox,
        models.DO_NOTHING,
        to_field="address",
        db_column="username",
        db_constraint=False,
        db_index=False,
        related_name="last_logins",
    )
    service = models.CharField(_("by"), max_length=20)
    at = models.BigIntegerField(_("at"), db_default=0)

    objects = LastLoginQuerySet.as_manager()

    class Meta:
        verbose_name = _("last sign-in")
        verbose_name_plural = _("last sign-ins")

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.service}"
