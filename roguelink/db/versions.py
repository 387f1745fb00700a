"""Optimistic locking: a form that is older than its object must not overwrite it."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from roguelink.errors import GoneObject, StaleObject


class Versioned(models.Model):
    """A row that counts its changes. Forms carry the number they were opened with."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


AnyVersioned = TypeVar("AnyVersioned", bound=Versioned)


def write_changes(obj: AnyVersioned, *, expected: int | None, changes: dict[str, Any]) -> AnyVersioned:
    """Update the named columns of one row, counting its version up, and refresh `obj`.

    `expected` is the version the form was opened with; None skips the check (commands, tasks).
    Raises StaleObject, with the present values of the same fields, when the row is newer; GoneObject when
    there is no such row any more.
    """
    rows = type(obj)._default_manager.filter(pk=obj.pk)
    if expected is not None:
        rows = rows.filter(version=expected)
    if not rows.update(version=F("version") + 1, **changes):
        _refresh(obj)
        raise StaleObject(
            _("Somebody else has changed this in the meantime. Both versions are shown below; nothing was saved."),
            current={name: getattr(obj, name) for name in changes},
        )
    obj.refresh_from_db()
    return obj


def _refresh(obj: Versioned) -> None:
    try:
        obj.refresh_from_db()
    except type(obj).DoesNotExist as error:
        raise GoneObject(_("Somebody else has removed this in the meantime; nothing was saved.")) from error
