"""A file that was uploaded and looked at, and waits for "apply"."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from accounts.models import User


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    """Each person's own."""

    def visible_to(self, user: User | AnonymousUser) -> ImportDraftQuerySet:
        """What this person has uploaded."""
        return self.filter(user=user) if user.is_active else self.none()


class ImportDraft(models.Model):
    """An uploaded file between its dry run and its application; kept for a day.

    The file may hold passwords, so it is stored encrypted, and the key is only in the page that shows the
    dry run: neither the database nor the browser alone can read it.
    """

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ImportDraftQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
