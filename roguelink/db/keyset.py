"""Paging by key: page 20,000 costs what page 1 costs.

Written by hand because the libraries we found compare column by column (`a > x OR (a = x AND id > y)`),
which PostgreSQL cannot answer from one index range; the row comparison `(a, id) > (x, y)` it can.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, Model, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

M = TypeVar("M", bound=Model)

PAGE_SIZE = 50
COUNTED = 1000  # beyond this a list says "1,000+": counting a million rows on every page helps nobody


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list, and the keys from which the neighbouring pages start (None: there is none)."""

    objects: list[M]
    after: str | None
    before: str | None


def paginate(rows: QuerySet[M], *, sort: str, params: Mapping[str, str], size: int = PAGE_SIZE) -> Page[M]:
    """The page that `params` asks for with `after` or `before`; the first page when they make no sense.

    `sort` is a column or annotation that is never null, with a leading "-" for descending; the primary key
    breaks ties, in the same direction. One query of size + 1 rows; a second one where the rows that the key
    pointed to are gone, so that nobody is told a list is empty when it is not.
    """
    column = sort.removeprefix("-")
    backwards = bool(params.get("before"))
    key = _decode(rows, column, params["before"] if backwards else params.get("after"))
    if key is None:
        return _page(rows, sort, size)
    page = _page(rows, sort, size, key=key, backwards=backwards)
    return page if page.objects else _page(rows, sort, size)


def count_up_to(rows: QuerySet[Any], limit: int = COUNTED) -> int:
    """How many rows there are, counting no further than `limit` + 1."""
    return rows.order_by()[: limit + 1].count()


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
    rows: QuerySet[M], sort: str, size: int, *, key: tuple[Any, Any] | None = None, backwards: bool = False
) -> Page[M]:
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    if key is not None:
        compare = TupleLessThan if descending != backwards else TupleGreaterThan
        rows = rows.filter(compare(Tuple(F(column), F("pk")), key))
    direction = "-" if descending != backwards else ""
    found = list(rows.order_by(f"{direction}{column}", f"{direction}pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (more or backwards)
    has_previous = bool(found) and (more if backwards else key is not None)
    return Page(
        objects=found,
        after=_encode(found[-1], column) if has_next else None,
        before=_encode(found[0], column) if has_previous else None,
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
