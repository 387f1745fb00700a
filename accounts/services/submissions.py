"""A form that is sent twice does its work once."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Submission, User
from roguelink.errors import NotAllowed

KEPT = timedelta(days=2)


@transaction.atomic
def claim(actor: User, *, token: uuid.UUID) -> Submission | None:
    """The earlier sending of this form, if there was one; otherwise None, and the form is now claimed.

    Call it in the transaction that does the work: a second sending waits here until the first has been
    committed or rolled back. Raises NotAllowed for a form that somebody else has sent.
    """
    submission, is_first = Submission.objects.get_or_create(token=token, defaults={"user": actor})
    if submission.user_id != actor.pk:
        raise NotAllowed(_("This form belongs to somebody else. Please open it afresh."))
    return None if is_first else submission


@transaction.atomic
def settle(actor: User, *, token: uuid.UUID, result_url: str) -> None:
    """Remember where the result of a claimed form is."""
    Submission.objects.filter(token=token, user=actor).update(result_url=result_url)


@transaction.atomic
def forget_old() -> int:
    """Delete tokens of forms that nobody sends again: older than two days. How many they were."""
    return Submission.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
