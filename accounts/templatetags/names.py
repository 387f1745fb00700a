"""Names as people read them."""

from __future__ import annotations

from django import template

from accounts.names import to_unicode

register = template.Library()


@register.filter
def readable(address: object) -> str:
    """An address or a domain with its domain in Unicode."""
    local_part, at, domain = str(address).rpartition("@")
    return f"{local_part}{at}{to_unicode(domain)}"
