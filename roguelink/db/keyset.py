"""Paging by key: page 20,000 costs what page 1 costs.

Written by hand because the libraries we found compare column by column (`a > x OR (a = x AND id > y)`),
which PostgreSQL cannot answer from one index range; the row comparison `(a, id) > (x, y)` it can.

Where few rows are wanted among many, PostgreSQL would still walk the index of the sort column until it has met
enough of them, not knowing where in it they lie: the addresses of all Walts stand together, near its end. So few
rows are found first, by whatever finds them best, and sorted then.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, Model, OrderBy, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce

M = TypeVar("M", bound=Model)

PAGE_SIZE = 25  # two screens; twice as many take twice as long to draw, and the next page is one key away
SORTED = 20_000  # so many are found and sorted anew for a search; more are met soon enough on the way
COUNTED = 1000  # beyond this a list says "1,000+": counting a million rows on every page helps nobody


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list, and the keys from which the neighbouring pages start (None: there is none)."""

    objects: list[M]
    after: str | None
    before: str | None
    count: int  # no further than was counted


def paginate(
    rows: QuerySet[M], *, sort: str, params: Mapping[str, str], size: int = PAGE_SIZE, few: int = COUNTED
) -> Page[M]:
    """The page that `params` asks for with `after` or `before`; the first page when they make no sense.

    `sort` is a column or annotation that is never null, with a leading "-" for descending; the primary key
    breaks ties, in the same direction. `few` is how many rows are counted and, when there are no more, found
    before they are sorted. Two queries; a third one where the rows that the key pointed to are gone, so that
    nobody is told a list is empty when it is not.
    """
    count = count_up_to(rows, few)
    if not count:
        return Page(objects=[], after=None, before=None, count=0)
    column = sort.removeprefix("-")
    backwards = bool(params.get("before"))
    key = _decode(rows, column, params["before"] if backwards else params.get("after"))
    anew = count <= few
    if key is not None:
        page = _page(rows, sort, size, count, key=key, backwards=backwards, anew=anew)
        if page.objects:
            return page
    return _page(rows, sort, size, count, anew=anew)


def count_up_to(rows: QuerySet[Any], limit: int = COUNTED) -> int:
    """How many rows there are, counting no further than `limit` + 1."""
    return rows.order_by().values("pk")[: limit + 1].count()


class CountUpTo(Subquery):
    """`count_up_to` as a column of another query, for rows that do not depend on that query's.

    `limit` None: however many there are.
    """

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = BigIntegerField()

    def __init__(self, rows: QuerySet[Any], limit: int | None = COUNTED) -> None:
        counted = rows.order_by().values("pk")
        super().__init__(counted if limit is None else counted[: limit + 1])


def _page(
    rows: QuerySet[M],
    sort: str,
    size: int,
    count: int,
    *,
    anew: bool,
    key: tuple[Any, Any] | None = None,
    backwards: bool = False,
) -> Page[M]:
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    if key is not None:
        compare = TupleLessThan if descending != backwards else TupleGreaterThan
        rows = rows.filter(compare(Tuple(F(column), F("pk")), key))
    down = descending != backwards
    # No index has coalesce(x, x), so PostgreSQL cannot but sort.
    place: Any = Coalesce(column, column) if anew else F(column)
    keys = rows.order_by(OrderBy(place, descending=down), OrderBy(F("pk"), descending=down)).values("pk")[: size + 1]
    # The keys of the page first: what a row shows is joined to those few, not to all among which they are found.
    direction = "-" if down else ""
    found = list(rows.filter(pk__in=keys).order_by(f"{direction}{column}", f"{direction}pk"))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (more or backwards)
    has_previous = bool(found) and (more if backwards else key is not None)
    return Page(
        objects=found,
        after=_encode(found[-1], column) if has_next else None,
        before=_encode(found[0], column) if has_previous else None,
        count=count,
    )


def _encode(obj: Model, column: str) -> str:
    value: Any = obj
    for part in column.split("__"):
        value = getattr(value, part)
    # str() and not Django's encoder, which cuts a moment to milliseconds: rows in between would be lost.
    packed = json.dumps([value, obj.pk], default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _decode(rows: QuerySet[Any], column: str, token: str | None) -> tuple[Any, Any] | None:
    """The key in a token, as Python values; None for no token and for any that `_encode` did not make."""
    if not token:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        key = _field_of(rows, column).to_python(value), rows.model._meta.pk.to_python(pk)
    except (ValueError, TypeError, binascii.Error, ValidationError, RecursionError, OverflowError):
        return None
    return key if all(_can_be_compared(part) for part in key) else None


def _can_be_compared(part: Any) -> bool:
    """Whether PostgreSQL takes it: no null, no NUL or half a surrogate pair in a text, no number beyond bigint."""
    if isinstance(part, str):
        return "\0" not in part and not any("\ud800" <= character <= "\udfff" for character in part)
    if isinstance(part, int):
        return -(2**63) <= part < 2**63
    return part is not None


def _field_of(rows: QuerySet[Any], column: str) -> Any:
    annotation = rows.query.annotations.get(column)
    if annotation is not None:
        return annotation.output_field
    model, field = rows.model, None
    for part in column.split("__"):
        field = model._meta.get_field(part)
        model = field.related_model or model
    return field
