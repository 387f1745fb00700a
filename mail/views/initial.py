"""What forms about a domain's objects begin with."""

from __future__ import annotations

from accounts.models import Domain
from accounts.views.base import ScopedView


def domain_in_url(page: ScopedView, name: str = "domain") -> dict[str, Domain]:
    """The domain whose id the URL gives under `name`, or the only one this person has; nothing for any other."""
    rows = page.scoped(Domain).filter(deleted_at=None)
    pk = page.request.GET.get(name, "")
    if pk.isdecimal() and len(pk) < 19:
        rows = rows.filter(pk=pk)
    found = list(rows[:2])
    return {name: found[0]} if len(found) == 1 else {}
