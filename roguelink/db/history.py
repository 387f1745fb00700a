"""History: every change of a row, written by database triggers (django-pghistory).

An *insert* event holds the new row; *update* and *delete* events hold the **old** one. So a change can
be shown and undone even for rows that were loaded by COPY without an event of their own, and the new
value of an update is the next event's old value, or the row as it stands.
"""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

ModelClass = TypeVar("ModelClass", bound=type[models.Model])


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[ModelClass], ModelClass]:
    """Class decorator: keep the history of this model, without the fields named (secrets, noise)."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        exclude=[*exclude, "version"],
        append_only=True,
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(),
        # Newest first over everything, for the log page; per object, pghistory's own index serves.
        meta={"indexes": [models.Index(fields=["-pgh_created_at", "-pgh_id"])]},
    )
