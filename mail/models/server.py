"""A mail server that holds mailboxes: ours, or an old one we are moving away from."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Level, User
from roguelink.db.history import tracked
from roguelink.db.versions import Versioned


class PortField(models.PositiveIntegerField):
    """A TCP port, 1 to 65535."""

    default_validators = [MinValueValidator(1), MaxValueValidator(65535)]


class MailServerQuerySet(models.QuerySet["MailServer"]):
    """Servers are the staff's business."""

    def visible_to(self, user: User | AnonymousUser) -> MailServerQuerySet:
        """All for staff, none for others."""
        return self.all() if user.is_active and user.level >= Level.STAFF else self.none()


@tracked()
class MailServer(Versioned):
    """Where a mailbox lives. Changing `Mailbox.server` is what a cutover is."""

    class Kind(models.TextChoices):
        OURS = "ours", _("ours")
        OLD = "old", _("old, being moved from")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OURS)
    host = models.CharField(_("host"), max_length=253, help_text=_("Where the proxy and deliveries find it."))
    imap_port = PortField(_("IMAP port"), default=143)
    pop3_port = PortField(_("POP3 port"), default=110)
    lmtp_port = PortField(_("LMTP port"), default=24)
    sieve_port = PortField(_("ManageSieve port"), default=4190)
    doveadm_url = models.URLField(_("doveadm address"), blank=True)
    public_host = models.CharField(
        _("name for customers"), max_length=253, help_text=_("What people enter in their mail program.")
    )
    is_default = models.BooleanField(_("new mailboxes go here"), default=False)

    objects = MailServerQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail server")
        verbose_name_plural = _("mail servers")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="mailserver_one_default"),
            models.CheckConstraint(condition=Q(kind__in=["ours", "old"]), name="mailserver_kind_known"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{port}__gte": 1, f"{port}__lte": 65535}),
                    name=f"mailserver_{port}_in_range",
                )
                for port in ("imap_port", "pop3_port", "lmtp_port", "sieve_port")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The server's page under settings."""
        return reverse("mail:server-edit", args=[self.pk])
