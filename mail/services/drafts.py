"""Uploaded files between "look" and "apply": encrypted, for a day, each its uploader's own."""

from __future__ import annotations

import uuid
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from mail.errors import BulkError
from mail.models import ImportDraft

KEPT = timedelta(days=1)


@transaction.atomic
def keep_draft(actor: User, *, kind: str, name: str, content: bytes) -> tuple[ImportDraft, str]:
    """Keep a file; returns it and the key, which is stored nowhere and belongs into the page."""
    key = Fernet.generate_key()
    draft = ImportDraft.objects.create(
        token=uuid.uuid4(), user=actor, kind=kind, name=name[:200], content=Fernet(key).encrypt(content)
    )
    return draft, key.decode()


@transaction.atomic
def take_draft(actor: User, *, token: uuid.UUID, key: str) -> tuple[ImportDraft, bytes]:
    """The file, locked until the transaction ends, so that applying twice waits and then finds it gone.

    Raises BulkError when it is not there any more, is somebody else's, or the key is not its key.
    """
    gone = BulkError(_("This upload is no longer there: it was applied already, or is older than a day."))
    draft = ImportDraft.objects.visible_to(actor).select_for_update().filter(token=token).first()
    if draft is None:
        raise gone
    try:
        return draft, Fernet(key.encode()).decrypt(bytes(draft.content))
    except (InvalidToken, ValueError) as error:
        raise gone from error


@transaction.atomic
def forget_old_drafts() -> int:
    """Delete uploads older than a day; how many they were."""
    return ImportDraft.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
