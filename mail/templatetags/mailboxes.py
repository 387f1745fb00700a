"""Addresses and moments as people read them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from accounts.names import to_unicode

register = template.Library()


@register.filter
def readable(address: str) -> str:
    """An address or a domain with its domain in Unicode."""
    local_part, at, domain = str(address).rpartition("@")
    return f"{local_part}{at}{to_unicode(domain)}"


@register.filter
def moment(seconds: int | None) -> datetime | None:
    """Seconds since 1970, as Dovecot writes them, as a moment in the person's time zone."""
    return (
        None if not seconds else timezone.localtime(datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone()))
    )
