"""Staff who looked at the portal as somebody else, when, and why."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import Level, User
from roguelink.db.history import tracked


class ImpersonationQuerySet(models.QuerySet["Impersonation"]):
    """The person concerned sees who was there in his name; staff see all."""

    def visible_to(self, user: User | AnonymousUser) -> ImpersonationQuerySet:
        """All for staff; for others what was done in their name."""
        if not user.is_active:
            return self.none()
        return self.all() if user.level >= Level.STAFF else self.filter(user=user)


@tracked()
class Impersonation(models.Model):
    """One "log in as": it has a reason, ends by itself, and is shown to the person concerned."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="impersonations")
    reason = models.CharField(_("reason"), max_length=300)
    started_at = models.DateTimeField(_("from"), default=timezone.now)
    ended_at = models.DateTimeField(_("to"), null=True, blank=True)

    objects = ImpersonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("log in as")
        verbose_name_plural = _("log in as")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="impersonation_has_reason"),
            models.CheckConstraint(condition=~Q(staff=models.F("user")), name="impersonation_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} as {self.user}"
