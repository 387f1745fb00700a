"""The limits of a domain beside what is in use of them: for its page, its form and a word of warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import contributions
from accounts.models import Domain
from roguelink.sizes import format_size

COLUMNS = ("max_mailboxes", "max_aliases", "quota_total_bytes", "quota_mailbox_bytes")
LABELS = {
    "max_mailboxes": _lazy("Mailboxes"),
    "max_aliases": _lazy("Aliases"),
    "quota_total_bytes": _lazy("Space given out"),
    "quota_mailbox_bytes": _lazy("Largest mailbox"),
}


@dataclass(frozen=True)
class Limit:
    """One limit. `most` None: there is none. `used` None: no app says how much is in use."""

    column: str
    most: int | None
    used: int | None

    @property
    def label(self) -> str:
        """What is limited."""
        return str(LABELS[self.column])

    @property
    def is_over(self) -> bool:
        """Whether more is in use than is allowed: what is there stays, nothing is added."""
        return self.most is not None and (self.used or 0) > self.most

    @property
    def is_reached(self) -> bool:
        """Whether nothing can be added. The largest mailbox is no store that fills up."""
        full = self.most is not None and (self.used or 0) >= self.most
        return full and self.column != "quota_mailbox_bytes"

    @property
    def used_text(self) -> str:
        """What is in use, as people read it."""
        return self._in_words(self.used or 0)

    @property
    def text(self) -> str:
        """Such as "12 of 20", "3 GB of 10 GB", or what is in use where there is no limit."""
        if self.most is None:
            return _("no limit") if self.used is None else _("%(used)s, no limit") % {"used": self.used_text}
        most = self._in_words(self.most)
        return most if self.used is None else _("%(used)s of %(most)s") % {"used": self.used_text, "most": most}

    @property
    def warning(self) -> str:
        """What a limit below what is in use means; empty where it is not."""
        if not self.is_over:
            return ""
        return _(
            "%(label)s: %(used)s in use, and the limit is %(most)s. What is there stays; nothing can be added."
        ) % {
            "label": self.label,
            "used": self.used_text,
            "most": self._in_words(self.most or 0),
        }

    def _in_words(self, number: int) -> str:
        return format_size(number) if self.column.endswith("_bytes") else f"{number:,}"


def in_use(domain: Domain) -> dict[str, int]:
    """What the apps above say is in use: by the limit's column, and `stored_bytes` of mail. A query for each app."""
    uses: dict[str, int] = {}
    for use in contributions.domain_uses:
        uses |= use(domain)
    return uses


def limits_of(domain: Domain, uses: Mapping[str, int] | None = None) -> list[Limit]:
    """The limits of a domain beside what is in use of them; `uses` where that is known already."""
    uses = in_use(domain) if uses is None else uses
    return [Limit(column, getattr(domain, column), uses.get(column)) for column in COLUMNS]
