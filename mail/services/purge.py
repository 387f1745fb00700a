"""The end of the undo window: what was deleted 30 days ago is gone for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Domain, User
from mail.models import Alias, AliasDomain, LastLogin, Mailbox, MailboxUsage

CHUNK = 500


def purge_deleted(*, before: datetime | None = None) -> dict[str, int]:
    """Remove tombstones older than the undo window; how many of each kind.

    In transactions of CHUNK rows, so that nothing else waits long; killed or run twice, it does the rest.
    """
    before = before or timezone.now() - timedelta(days=settings.UNDO_DAYS)
    return {
        "mailboxes": _in_chunks(_purge_mailboxes, before),
        "aliases": _in_chunks(_purge_aliases, before),
        "domains": _in_chunks(_purge_domains, before),
    }


def _in_chunks(purge: Callable[[datetime], int], before: datetime) -> int:
    total = 0
    while count := purge(before):
        total += count
    return total


@transaction.atomic
def _purge_mailboxes(before: datetime) -> int:
    """Tombstones, and mailboxes of domains that are: with usage, last sign-ins, and logins that open nothing else."""
    gone = Mailbox.objects.filter(deleted_at__lt=before) | Mailbox.objects.filter(domain__deleted_at__lt=before)
    rows = list(gone.select_for_update(of=("self",), skip_locked=True).values_list("pk", "address", "user_id")[:CHUNK])
    if not rows:
        return 0
    ids, addresses, users = zip(*rows, strict=True)
    MailboxUsage.objects.filter(mailbox_id__in=addresses).delete()
    LastLogin.objects.filter(mailbox_id__in=addresses).delete()
    Mailbox.objects.filter(pk__in=ids).delete()
    User.objects.filter(pk__in=users, is_staff=False, domain_grants=None).delete()
    return len(rows)


@transaction.atomic
def _purge_aliases(before: datetime) -> int:
    gone = Alias.objects.filter(deleted_at__lt=before) | Alias.objects.filter(domain__deleted_at__lt=before)
    ids = list(gone.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:CHUNK])
    Alias.objects.filter(pk__in=ids).delete()
    return len(ids)


@transaction.atomic
def _purge_domains(before: datetime) -> int:
    """Domains with nothing left in them. What stood for them stands for nothing any more."""
    AliasDomain.objects.filter(target__deleted_at__lt=before).delete()
    empty = Domain.objects.filter(deleted_at__lt=before)
    for of_domain in (
        Mailbox.objects.filter(domain=OuterRef("pk")),
        Alias.objects.filter(domain=OuterRef("pk")),
    ):
        empty = empty.filter(~Exists(of_domain))
    ids = list(empty.select_for_update(skip_locked=True).values_list("pk", flat=True)[:CHUNK])
    Domain.objects.filter(pk__in=ids).delete()
    return len(ids)
