"""What every page needs: the menu of this person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts import contributions
from accounts.permissions import may


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the top bar as the template shows it."""

    label: Any
    url: str
    icon: str
    active: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    """`navigation`: what this person may use; `impersonation`: that staff act as him. No queries but the table's."""
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "is_demo": settings.DEMO,
        "impersonation": getattr(request, "impersonation", None),
        "navigation": _menu(request) if user is not None and user.is_authenticated else [],
    }


def _menu(request: HttpRequest) -> list[MenuEntry]:
    entries = []
    for item in sorted(contributions.navigation, key=lambda item: item.order):
        if may(request.user, item.action):
            url = reverse(item.url_name)
            active = request.path == url if url == "/" else request.path.startswith(url)
            entries.append(MenuEntry(item.label, url, item.icon, active))
    return entries
