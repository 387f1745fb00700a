"""Mailboxes and aliases in the one search."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.contributions import Hit
from accounts.models import User
from accounts.names import to_unicode
from accounts.permissions import may
from accounts.search import stored_scrap
from mail.models import Alias, AliasTarget, Mailbox
from roguelink.db.matching import TRIGRAM, every_word, rank, starting_or_containing, words_of


def mailboxes(user: User, typed: str, limit: int) -> Iterable[Hit]:
    """By any scrap of the address, or by words of the owner's name."""
    if not may(user, "mailbox.view"):
        return
    rows = Mailbox.objects.visible_to(user)
    scrap = _address(typed)
    found = starting_or_containing(rows, "address", scrap, limit=limit)
    if len(found) < limit and all(len(word) >= TRIGRAM for word in words_of(typed)):
        known = {mailbox.pk for mailbox in found}
        found += [box for box in rows.filter(every_word(words_of(typed), "name"))[:limit] if box.pk not in known]
    for mailbox in found[:limit]:
        badge = _("deleted") if mailbox.is_deleted else ("" if mailbox.status == "active" else _("suspended"))
        url = mailbox.get_absolute_url()
        yield Hit(_("Mailboxes"), _readable(mailbox.address), mailbox.name, url, rank(mailbox.address, scrap), badge)


def aliases(user: User, typed: str, limit: int) -> Iterable[Hit]:
    """By any scrap of the address, or of an address it leads to."""
    if not may(user, "alias.view"):
        return
    scrap = _address(typed)
    rows = Alias.objects.visible_to(user)
    found = starting_or_containing(rows, "address", scrap, limit=limit)
    if len(found) < limit and len(scrap) >= TRIGRAM:
        leading = AliasTarget.objects.visible_to(user).filter(Q(target__contains=scrap)).order_by()
        known = {alias.pk for alias in found}
        found += [
            alias
            for alias in rows.filter(pk__in=leading.values("alias_id")[: limit * 4])[:limit]
            if alias.pk not in known
        ]
    for alias in found[:limit]:
        badge = _("deleted") if alias.is_deleted else ("" if alias.is_active else _("off"))
        url = alias.get_absolute_url()
        yield Hit(_("Aliases"), _readable(alias.address), alias.note, url, rank(alias.address, scrap), badge)


def _address(typed: str) -> str:
    """What was typed as addresses are stored."""
    local_part, at, domain = typed.lower().strip().rpartition("@")
    return f"{local_part}{at}{stored_scrap(domain)}"


def _readable(address: str) -> str:
    local_part, at, domain = address.rpartition("@")
    return f"{local_part}{at}{to_unicode(domain)}"
