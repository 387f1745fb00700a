"""Moments as Dovecot writes them."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def moment(seconds: int | None) -> datetime | None:
    """Seconds since 1970 as a moment in the person's time zone."""
    return timezone.localtime(datetime.fromtimestamp(seconds, tz=UTC)) if seconds else None
