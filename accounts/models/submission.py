"""Forms that were sent: so that a double click creates one thing, not two."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from accounts.models.user import User


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Each person's own."""

    def visible_to(self, user: User | AnonymousUser) -> SubmissionQuerySet:
        """What this person has sent."""
        return self.filter(user=user) if user.is_active else self.none()


class Submission(models.Model):
    """The token of a form that was sent and worked, and where its result is.

    It is written in the transaction of the form's service, so a second sending of the same form waits for
    the first on the unique key and is then led to the result.
    """

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    result_url = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SubmissionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.token)
