"""What the apps above add to the pages of this one.

An app may not import upward, so the apps above hand their part down: each fills these lists in its
`AppConfig.ready()`. This is the only way by which a page mixes apps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.models import Customer, Domain, User


@dataclass(frozen=True)
class Hit:
    """One thing that a search found. `rank`: 0 exact, 1 begins with, 2 contains."""

    kind: str
    title: str
    detail: str
    url: str
    rank: int
    badge: str = ""


@dataclass(frozen=True)
class Attention:
    """Something that should be looked at today. `level` is danger, warning or info."""

    level: str
    text: str
    url: str
    count: int = 1


@dataclass(frozen=True)
class Shortcut:
    """Something people do many times a day, one click from the overview, for those who may do `action`."""

    label: Any
    url_name: str
    icon: str
    action: str


@dataclass(frozen=True)
class Panel:
    """A part of a page: a template and what it needs."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class NavigationItem:
    """An entry of the top bar, shown to those who may do `action`."""

    label: Any
    url_name: str
    icon: str
    action: str
    order: int


# Given the person and what he typed, the best hits (at most `limit`), ranked.
SearchSource = Callable[[User, str, int], Iterable[Hit]]
# Given the person, what needs attention in what he may see.
AttentionSource = Callable[[User], Iterable[Attention]]
# Given the request and the object of the page, a panel for it, or None.
DomainPanel = Callable[[HttpRequest, Domain], Panel | None]
CustomerPanel = Callable[[HttpRequest, Customer], Panel | None]
# Given the request, a panel of the person's own overview or account page, or None.
PersonPanel = Callable[[HttpRequest], Panel | None]

# Given ids of domains, what each holds, in words ("12 mailboxes"). One query for all of them.
DomainCount = Callable[[list[int]], dict[int, str]]
# Given a domain, how much of its limits is in use, by the limit's column, and `stored_bytes`; sizes in bytes.
DomainUse = Callable[[Domain], Mapping[str, int]]

search_sources: list[SearchSource] = []
attention_sources: list[AttentionSource] = []
domain_panels: list[DomainPanel] = []
domain_counts: list[DomainCount] = []
domain_uses: list[DomainUse] = []
customer_panels: list[CustomerPanel] = []
overview_panels: list[PersonPanel] = []
account_panels: list[PersonPanel] = []
shortcuts: list[Shortcut] = []
navigation: list[NavigationItem] = []
