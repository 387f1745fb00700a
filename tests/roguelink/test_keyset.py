"""Paging by key: every row once, in order, whatever way one walks, and whatever stands in the URL."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Customer
from roguelink.db import keyset
from tests import factories as make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SORTS = ["name", "-name", "created_at", "-created_at", "number"]
# Few and close values, so that ties, and moments less than a millisecond apart, are the usual case.
ROWS = st.lists(st.tuples(st.sampled_from(["Ann", "ann", "Ånn", "Bo", "%"]), st.integers(0, 3000)), max_size=25)
together = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def fill(rows: list[tuple[str, int]]) -> None:
    Customer.objects.all().delete()
    Customer.objects.bulk_create(
        Customer(number=str(n), name=name, created_at=NOON + timedelta(microseconds=offset))
        for n, (name, offset) in enumerate(rows)
    )


def in_order(sort: str) -> list[int]:
    minus = "-" if sort.startswith("-") else ""
    return list(Customer.objects.order_by(sort, f"{minus}pk").values_list("pk", flat=True))


def page(sort: str, size: int, **params: str) -> keyset.Page[Customer]:
    return keyset.paginate(Customer.objects.all(), sort=sort, params=params, size=size)


@together
@given(rows=ROWS, sort=st.sampled_from(SORTS), size=st.integers(1, 7))
def test_a_walk_to_the_end_and_back_sees_every_row_once_in_order(rows, sort: str, size: int) -> None:
    fill(rows)
    there = [page(sort, size)]
    while there[-1].after is not None:
        there.append(page(sort, size, after=there[-1].after))
        assert len(there) <= len(rows), "it goes round in circles"
    assert [row.pk for one in there for row in one.objects] == in_order(sort)
    assert there[0].before is None

    back = [there[-1]]
    while back[-1].before is not None:
        back.append(page(sort, size, before=back[-1].before))
        assert len(back) <= len(rows), "it goes round in circles"
    assert [row.pk for one in reversed(back) for row in one.objects] == in_order(sort)
    assert back[0].after is None


@together
@given(rows=ROWS, sort=st.sampled_from(SORTS), steps=st.lists(st.booleans(), max_size=12), size=st.integers(1, 4))
def test_any_walk_shows_a_run_of_the_rows_in_order(rows, sort: str, steps: list[bool], size: int) -> None:
    fill(rows)
    everything, shown = in_order(sort), page(sort, size)
    for forward in steps:
        if forward and shown.after:
            shown = page(sort, size, after=shown.after)
        elif not forward and shown.before:
            shown = page(sort, size, before=shown.before)
        seen = [row.pk for row in shown.objects]
        start = everything.index(seen[0]) if seen else 0
        assert seen == everything[start : start + len(seen)]


def token(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


JUNK = ["", "x", "%%%", "é", "\0", "A" * 5000, base64.urlsafe_b64encode(b"[" * 100_000).decode(), *map(
    token,
    [[], {}, None, 1, "ab", ["Ann"], ["Ann", "Bo"], ["Ann", None], [None, 1], ["a\0b", 1], ["\ud800", 1],
     ["Ann", 10**30], ["Ann", -(10**30)], [["Ann"], 1], ["Ann", [1]], ["Ann", 1.5], [float("nan"), 1]],
)]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_token_that_was_not_made_here_shows_a_page(name: str, sort: str, junk: str) -> None:
    make.a_customer(name="Dorothy Applegate")
    assert [row.name for row in page(sort, 5, **{name: junk}).objects] == ["Dorothy Applegate"]


@together
@given(junk=st.one_of(st.text(max_size=40), st.lists(st.one_of(st.none(), st.text(), st.integers(), st.floats()),
                                                     min_size=2, max_size=2).map(token)))  # fmt: skip
def test_no_token_breaks_a_page(junk: str) -> None:
    for sort in SORTS:
        page(sort, 5, after=junk)


def test_when_the_rows_of_a_page_are_gone_the_first_page_is_shown_and_not_an_empty_list() -> None:
    customers = [make.a_customer(name=name) for name in "ABCD"]
    second = page("name", 2).after
    assert second is not None
    for gone in customers[2:]:
        gone.delete()
    assert [row.name for row in page("name", 2, after=second).objects] == ["A", "B"]


def test_a_page_far_back_costs_what_the_first_costs(django_assert_num_queries) -> None:
    for _ in range(12):
        make.a_customer()
    with django_assert_num_queries(2):
        first = page("name", 5)
    with django_assert_num_queries(2):
        page("name", 5, after=first.after or "")


@pytest.mark.parametrize("sort", ["name", "-name"])
@pytest.mark.parametrize("few", [3, 100])
def test_few_rows_and_many_are_walked_alike(sort: str, few: int) -> None:
    for name in ["C", "A", "B", "A", "D"]:
        make.a_customer(name=name)
    params: dict[str, str] = {}
    met: list[Customer] = []
    while True:
        part = keyset.paginate(Customer.objects.all(), sort=sort, params=params, size=2, few=few)
        assert part.count == min(5, few + 1)
        met += part.objects
        if part.after is None:
            break
        params = {"after": part.after}
    down = sort.startswith("-")
    assert met == sorted(met, key=lambda row: (row.name, row.pk), reverse=down)
    assert len(met) == 5


def test_few_rows_are_sorted_without_the_index_of_their_order(django_assert_num_queries) -> None:
    make.a_customer()
    with django_assert_num_queries(2) as queries:
        page("name", 5)
    assert "COALESCE" in queries[1]["sql"]


def test_counting_stops_at_the_limit(django_assert_num_queries) -> None:
    for _ in range(5):
        make.a_customer()
    assert keyset.count_up_to(Customer.objects.all(), 3) == 4
    assert keyset.count_up_to(Customer.objects.all(), 10) == 5
