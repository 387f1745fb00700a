"""Which targets of aliases take no mail, remembered so that lists and counts find them by index.

A service that changes what an address is asks for that address to be looked at again; what reaches further
(a domain suspended, a catch-all gone, an alias expired) is found by the nightly task.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from mail.models import AliasTarget
from mail.services.health import troubles_of

CHUNK = 5_000


@transaction.atomic
def look_again(addresses: Iterable[str]) -> None:
    """Remember afresh whether these addresses take mail. One query when no alias leads to them."""
    _remember(list(AliasTarget.objects.filter(target__in=list(addresses)).values_list("pk", "target", "is_dead")))


def look_at_all() -> int:
    """Look at every target, in transactions of CHUNK; how many had changed."""
    changed, last = 0, 0
    while rows := list(
        AliasTarget.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "target", "is_dead")[:CHUNK]
    ):
        changed += _remember(rows)
        last = rows[-1][0]
    return changed


def _remember(rows: Sequence[tuple[int, str, bool]]) -> int:
    dead = troubles_of({target for _pk, target, _is_dead in rows})
    changed = [(pk, target in dead) for pk, target, was_dead in rows if was_dead != (target in dead)]
    for is_dead in (True, False):
        AliasTarget.objects.filter(pk__in=[pk for pk, now in changed if now is is_dead]).update(is_dead=is_dead)
    return len(changed)
