"""Asking every address, as every principal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions.world import World

METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name with namespace, its path as people write it, its view, what it takes."""

    name: str
    path: str
    view: Any
    takes: tuple[str, ...]

    @property
    def action(self) -> str:
        """The row of the rule table that its view asks; empty for views that are not ours."""
        return getattr(self.view, "action", "")


def addresses() -> list[Address]:
    """Every address of the portal, in the order in which they are tried."""
    return list(_walk(get_resolver()))


def _walk(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path, entry.namespace or namespace)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}:{entry.name}" if namespace else entry.name or path
            view = getattr(entry.callback, "view_class", entry.callback)
            takes = tuple(entry.pattern.regex.groupindex)
            yield Address(name, "/" + path, view, takes)


def what_comes_back(world: World, client: Client, address: Address, method: str, walker: str) -> str:
    """The answers for one's own and for a foreign object, as the table has them: "200/404", or one for both."""
    if not address.takes and not world.post_data(address.name, foreign=True):
        return answer(world, client, address, method, walker, foreign=False)
    return "/".join(answer(world, client, address, method, walker, foreign=foreign) for foreign in (False, True))


def answer(world: World, client: Client, address: Address, method: str, walker: str, *, foreign: bool) -> str:
    """Ask once; whatever it changes is rolled back. "in" leads to the sign-in page, "go" elsewhere."""
    known = world.arguments(address.name, walker, foreign=foreign) if address.takes else {}
    url = reverse(address.name, kwargs={name: known[name] for name in address.takes})
    data = world.post_data(address.name, foreign=foreign) if method == "POST" else {}
    with transaction.atomic():
        response = again(client).generic(method, url) if not data else again(client).post(url, data)
        transaction.set_rollback(True)
    if response.status_code != 302:
        return str(response.status_code)
    return "in" if response.url.partition("?")[0] == reverse(settings.LOGIN_URL) else "go"


def again(client: Client) -> Client:
    """The same browser with the same cookies, untouched by what the last page did to them."""
    fresh = Client(raise_request_exception=False)
    fresh.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    return fresh
