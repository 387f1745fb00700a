"""Finding rows by a scrap of text, quickly at any size: beginnings first, then middles, one query."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)

TRIGRAM = 3  # letters: with fewer, a trigram index cannot help


def words_of(typed: str, *, at_most: int = 5) -> list[str]:
    """What was typed as words, in lower case."""
    return typed.lower().split()[:at_most]


def phone_digits(typed: str) -> str:
    """The digits, when what was typed can be (half) a phone number; otherwise nothing."""
    digits = re.sub(r"\D", "", typed)
    return digits if len(digits) >= TRIGRAM and re.fullmatch(r"[\d\s().+/-]+", typed.strip()) else ""


def starting_or_containing(rows: QuerySet[M], column: str, scrap: str, *, limit: int) -> list[M]:
    """At most `limit` rows whose (lower-case) column is, begins with or else contains the scrap; best first.

    One query, two index probes: LIMIT stands inside both halves, so that a common scrap stops early instead of
    being counted through, and nothing is sorted by the database.
    """
    begins: Any = rows.filter(**{f"{column}__startswith": scrap})[:limit]
    if len(scrap) >= TRIGRAM:
        begins = begins.union(rows.filter(**{f"{column}__contains": scrap})[:limit])
    found = list(begins)
    found.sort(key=lambda row: (rank(getattr(row, column), scrap), getattr(row, column)))
    return found[:limit]


def how_to_find(scrap: str) -> str:
    """The lookup by which a scrap is found quickly: anywhere, or where it is too short for that, at the beginning."""
    return "contains" if len(scrap) >= TRIGRAM else "startswith"


def rank(text: str, scrap: str) -> int:
    """0 when it is the scrap, 1 when it begins with it, 2 when it is somewhere inside."""
    if text == scrap:
        return 0
    return 1 if text.startswith(scrap) else 2


def every_word(words: list[str], *columns: str) -> Q:
    """Each word in at least one of the columns, whatever the case.

    One or two letters must begin a word there: in the middle of words no index would find them.
    """
    condition = Q()
    for word in words:
        anywhere = Q()
        for column in columns:
            if len(word) >= TRIGRAM:
                anywhere |= Q(**{f"{column}__icontains": word})
            else:
                anywhere |= Q(**{f"{column}__istartswith": word}) | Q(**{f"{column}__icontains": f" {word}"})
        condition &= anywhere
    return condition
