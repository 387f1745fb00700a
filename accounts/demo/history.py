"""The demo's past: its log begins when its rows do, not on the day it was loaded."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pgtrigger
from django.apps import apps
from django.db import connection, models

from accounts.models import User


def unrecorded(*tracked: type[models.Model]) -> AbstractContextManager[None]:
    """A context in which inserts into these models leave no event: `write_creation` does it instead."""
    context: AbstractContextManager[None] = pgtrigger.ignore(
        *(f"{model._meta.label}:insert_insert" for model in tracked)
    )
    return context


def write_creation(model: type[models.Model], *, at: str, by: list[User]) -> None:
    """For every row an insert event at the time in its column `at`, by one of these people."""
    _write(model, label="insert", at=at, by=by)


def write_change(
    model: type[models.Model], *, column: str, old: str | None, at: str, where: str, by: list[User]
) -> None:
    """An update event for the rows that `where` (SQL) selects: before it, `column` had the value `old`.

    `at` is an SQL expression over the row.
    """
    _write(model, label="update", at=at, by=by, where=where, was={column: old})


def _write(
    model: type[models.Model],
    *,
    label: str,
    at: str,
    by: list[User],
    where: str = "TRUE",
    was: dict[str, str | None] | None = None,
) -> None:
    was = was or {}
    event = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    columns = [field.column for field in event._meta.fields if not field.column.startswith("pgh_")]
    quote = connection.ops.quote_name
    values = ["%s" if column in was else quote(column) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(event._meta.db_table)} ({', '.join(map(quote, columns))}, pgh_obj_id,"  # noqa: S608 (names from our models)
            " pgh_label, pgh_created_at, pgh_context_id, pgh_context)"
            f" SELECT {', '.join(values)}, id, %s, {at}, gen_random_uuid(),"
            " jsonb_build_object('user', (%s::bigint[])[1 + id %% %s])"
            f" FROM {quote(model._meta.db_table)} WHERE {where}",
            [*(was[column] for column in columns if column in was), label, [user.pk for user in by], len(by)],
        )
