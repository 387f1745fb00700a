"""Taking a change back, where that is safe: nobody has changed the same thing since."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import history
from accounts.models import Domain, User
from accounts.permissions import require
from roguelink.errors import ServiceError


class UndoError(ServiceError):
    """A change that cannot be taken back."""


@transaction.atomic
def undo(actor: User, *, kind: str, event_id: int) -> str:
    """Put the old values of an update back, through the service that changes such objects; the object's name.

    The object is locked first, so that "nobody has changed it since" is still true when it is written.
    Raises UndoError when it is not, or when there is no such event.
    """
    require(actor, "log.undo")
    tracked = history.kinds.get(kind)
    event = tracked.event.objects.filter(pgh_id=event_id).first() if tracked else None
    if tracked is None or event is None or tracked.undo is None:
        raise UndoError(_("There is nothing to undo here."))
    if (domain_id := getattr(event, "domain_id", None)) is not None:
        # The domain before what is in it, as every service does: two who lock in other orders would wait for ever.
        Domain.objects.select_for_update(no_key=True).filter(pk=domain_id).first()
    rows = tracked.model._default_manager.select_for_update(no_key=True, of=("self",))
    obj = rows.filter(pk=event.pgh_obj_id).first()
    entry = history.one(tracked, event_id)
    if obj is None or entry is None or not entry.can_undo:
        raise UndoError(_("This has been changed again since, so it cannot simply be undone."))
    tracked.undo(actor, obj, {change.column: getattr(event, change.column) for change in entry.differences})
    return entry.title
