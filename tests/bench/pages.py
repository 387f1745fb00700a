"""Every page of the portal, found from its addresses: how many queries, how long, and does it say what it should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.views.lists import ListPage
from tests.bench.table import Result, measurement, medians, seconds
from tests.bench.world import RARE_PERSON, World

MAX_QUERIES, MAX_MS = 12, 50
BAR = f"≤ {MAX_QUERIES} queries, ≤ {MAX_MS} ms"
NAMESPACES = ("accounts", "mail")
LEADS_ELSEWHERE = {301, 302}


@dataclass(frozen=True)
class Page:
    """An address under which there is a page, and the view behind it."""

    name: str
    view: Any
    arguments: tuple[str, ...]


@dataclass
class Look:
    """What came back when a page was asked for once."""

    status: int
    text: str
    is_html: bool
    queries: list[str] = field(default_factory=list)


@measurement("pages")
def every_page(world: World) -> Iterator[Result]:
    """Each page that answers a plain GET of the owner, beside a page with nothing on it."""
    client = signed_in(world.owner)
    for page in found_pages():
        kwargs, says = example_of(world, page)
        if kwargs.keys() != set(page.arguments):
            yield Result(f"{page.name}: example_of knows none", "-", "-", 0, BAR, ok=False)
            continue
        url = reverse(page.name, kwargs=kwargs)
        look = look_at(client, url)
        if look.status not in LEADS_ELSEWHERE and look.is_html:
            yield measured(client, page.name, url, says=says)


@measurement("lists")
def every_list(world: World) -> Iterator[Result]:
    """Each list as the owner and as an administrator sees it, in every order and by every filter: the worst one."""
    for who, user in (("owner", world.owner), ("admin", world.admin), ("admin of 10", world.small_admin)):
        client = signed_in(user)
        for page in found_pages():
            if not issubclass(page.view, ListPage) or page.arguments:
                continue
            url = reverse(page.name)
            if look_at(client, url).status != 200:
                continue
            tried = {query: worst_of_two(client, f"{url}?{query}") for query in variants(client, page.view, url)}
            for query in sorted(tried, key=tried.get, reverse=True)[:2]:
                what = f"{page.name} as {who}, {len(tried)} ways: ?{query}"
                yield measured(client, what, f"{url}?{query}", says="</html>")


@measurement("crowd")
def a_crowded_domain(world: World) -> Iterator[Result]:
    """The page of the domain with 5,000 mailboxes beside that of the one with 10."""
    client = signed_in(world.owner)
    url = partial(reverse, "accounts:domain-detail")
    big, small = url(args=[world.big.pk]), url(args=[world.small.pk])
    for address, says in ((big, str(world.big)), (small, RARE_PERSON)):
        if says not in look_at(client, address).text:
            yield Result(f"{address} does not say {says}", "-", "-", 0, "", ok=False)
    crowd, few = medians(lambda: client.get(big), lambda: client.get(small), rounds=25)
    queries = {len(look_at(client, address).queries) for address in (big, small)}
    yield Result(
        what="domain with a crowd of mailboxes, beside one with 10",
        measured=f"{'/'.join(map(str, queries))} q {crowd * 1000:.1f} ms",
        limit=f"{few * 1000:.1f} ms",
        ratio=crowd / few,
        bar="0.8 to 1.2",
        ok=crowd / few <= 1.2 and len(queries) == 1,
    )


def signed_in(user: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def look_at(client: Client, url: str, *, headers: dict[str, str] | None = None) -> Look:
    """Ask once, keeping the queries."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url, headers=headers)
    text = b"" if response.streaming else response.content
    return Look(
        status=response.status_code,
        text=text.decode(errors="replace"),
        is_html=response.headers.get("Content-Type", "").startswith("text/html"),
        queries=[query["sql"] for query in queries],
    )


def measured(
    client: Client, what: str, url: str, *, says: str, max_ms: float = MAX_MS, headers: dict[str, str] | None = None
) -> Result:
    """A page's line of the table. It falls short as well when it does not say what it must."""
    look = look_at(client, url, headers=headers)
    says_it = look.status == 200 and says in look.text
    page, plain = medians(lambda: client.get(url, headers=headers), lambda: client.get("/bench/plain/"), rounds=9)
    return Result(
        what=what if says_it else f"{what}: {look.status}, not “{says}”",
        measured=f"{len(look.queries)} q {page * 1000:.1f} ms",
        limit=f"{plain * 1000:.1f} ms",
        ratio=page / plain,
        bar=BAR if max_ms == MAX_MS else f"≤ {MAX_QUERIES} queries, ≤ {max_ms:.0f} ms",
        ok=says_it and len(look.queries) <= MAX_QUERIES and page * 1000 <= max_ms,
    )


def found_pages() -> Iterator[Page]:
    """All addresses of our own apps whose view answers GET."""
    for name, pattern in _walk(get_resolver()):
        view = getattr(pattern.callback, "view_class", None)
        if view is not None and hasattr(view, "get"):
            yield Page(name, view, tuple(pattern.pattern.converters))


def example_of(world: World, page: Page) -> tuple[dict[str, Any], str]:
    """The arguments of an address, told from its name (accounts:customer-edit is about a customer), and what the
    page must say: the object's name."""
    if not page.arguments:
        return {}, "</"
    kind = page.name.partition(":")[2].partition("-")[0]
    big, customer = world.big, world.customer
    examples: dict[str, tuple[dict[str, Any], object]] = {
        "customer": ({"pk": customer.pk}, customer),
        "contact": ({"pk": customer.pk, "contact": customer.contacts.get().pk}, "</"),
        "domain": ({"pk": big.pk}, big),
        "grant": ({"pk": big.pk, "grant": big.admins.get().pk}, big),
        "mailbox": ({"pk": world.mailbox.pk}, world.mailbox),
        "alias": ({"pk": world.alias.pk}, world.alias),
        "aliasdomain": ({"pk": world.alias_domain.pk}, world.alias_domain.domain),
        "server": ({"pk": world.server.pk}, world.server),
        "staff": ({"pk": world.owner.pk}, world.owner),
        "impersonate": ({"pk": world.mailbox.user_id}, world.mailbox),
    }
    known, says = examples.get(kind, ({}, ""))
    return {name: known[name] for name in page.arguments if name in known}, str(says)


def variants(client: Client, view: type[ListPage], url: str) -> Iterator[str]:
    """Query strings: every order, every choice of every filter, a search, and the second page."""
    yield ""
    for column in view.columns:
        if column.sortable:
            yield f"sort={column.key}"
            yield f"sort=-{column.key}"
    if view.filterset_class is not None:
        for name, filter_ in view.filterset_class.base_filters.items():
            choices = filter_.extra.get("choices", ())
            yield from (f"{name}={value}" for value, _label in (choices() if callable(choices) else choices))
            if name == "q":
                yield from (f"q={term}" for term in ("quixote", "an", "walt", "qqqqx"))
    for part in look_at(client, url).text.split('href="')[1:]:
        address = part.partition('"')[0]
        if "after=" in address:
            yield address.partition("?")[2].replace("&amp;", "&")
            break


def worst_of_two(client: Client, url: str) -> float:
    """Seconds of the better of two tries: enough to pick out the slow ones."""
    return min(seconds(lambda: client.get(url)) for _ in range(2))


def _walk(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, entry.namespace or namespace)
        elif namespace in NAMESPACES and entry.name:
            yield f"{namespace}:{entry.name}", entry
