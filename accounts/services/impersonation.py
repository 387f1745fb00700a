"""Staff who look at the portal as somebody else: with a reason, for a while, and not in secret."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import LoginError
from accounts.models import Impersonation, User
from accounts.permissions import may_impersonate
from roguelink.errors import NotAllowed


@transaction.atomic
def start(actor: User, *, user: User, reason: str) -> Impersonation:
    """Begin to act as `user`. Raises NotAllowed for staff and for those who are not staff themselves."""
    if not may_impersonate(actor, user):
        raise NotAllowed(_("You are not allowed to log in as this person."))
    if not reason.strip():
        raise LoginError(_("Please say why; the person will be shown your reason."), field="reason")
    return Impersonation.objects.create(staff=actor, user=user, reason=reason.strip())


@transaction.atomic
def end(actor: User, *, record: Impersonation) -> None:
    """Stop acting as somebody else. Ending twice keeps the first time."""
    Impersonation.objects.filter(pk=record.pk, staff=actor, ended_at=None).update(ended_at=timezone.now())


def running(actor: User, *, pk: int) -> Impersonation | None:
    """The "log in as" with this id, if `actor` began it, it is not over and he still may. One query."""
    began_after = timezone.now() - timedelta(seconds=settings.IMPERSONATION_SECONDS)
    record = (
        Impersonation.objects.select_related("user")
        .filter(pk=pk, staff=actor, ended_at=None, started_at__gt=began_after)
        .first()
    )
    return record if record is not None and may_impersonate(actor, record.user) else None
