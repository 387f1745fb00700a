"""The state of mailboxes and aliases, and moments as Dovecot writes them."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils import timezone

from mail import explain
from mail.models import Alias, Mailbox

register = template.Library()


@register.inclusion_tag("components/badge.html")
def state_badge(obj: Mailbox | Alias) -> dict[str, str]:
    """Whether mail to it works, in a word: its own state, or what in its domain or customer overrules it."""
    status, label = explain.label_of(obj)
    return {"status": status, "label": label}


@register.filter
def moment(seconds: int | None) -> datetime | None:
    """Seconds since 1970 as a moment in the person's time zone."""
    return timezone.localtime(datetime.fromtimestamp(seconds, tz=UTC)) if seconds else None
