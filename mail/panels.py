"""What mail adds to the pages of accounts: the mailboxes and aliases of a domain, what needs attention."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import BigIntegerField, Count, Max, Sum, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.contributions import Attention, Panel
from accounts.models import Domain, User
from accounts.permissions import may
from mail import explain
from mail.models import Alias, Mailbox, MailServer
from mail.services.health import findings
from roguelink.db.keyset import count_up_to
from roguelink.sizes import format_size

SHOWN = 10  # rows in a panel: enough for most domains, and the same cost for the largest


def domain_mailboxes(request: HttpRequest, domain: Domain) -> Panel | None:
    """The first mailboxes of a domain, and the way to all of them."""
    user = cast(User, request.user)
    if not may(user, "mailbox.view", domain):
        return None
    rows = Mailbox.objects.visible_to(user).live().filter(domain=domain)
    found = list(rows.for_display().order_by("address")[: SHOWN + 1])
    return Panel(
        "mail/mailbox/_panel.html",
        {
            "domain": domain,
            "mailboxes": found[:SHOWN],
            "more": len(found) > SHOWN,
            "may_create": may(user, "mailbox.create", domain) and not domain.is_deleted,
        },
    )


def domain_aliases(request: HttpRequest, domain: Domain) -> Panel | None:
    """The first aliases of a domain, each with what is wrong with it."""
    user = cast(User, request.user)
    if not may(user, "alias.view", domain):
        return None
    rows = Alias.objects.visible_to(user).live().filter(domain=domain)
    found = list(rows.for_display().order_by("address")[: SHOWN + 1])
    shown = found[:SHOWN]
    by_alias = findings(shown)
    for alias in shown:
        alias.health = by_alias.get(alias.pk, [])  # type: ignore[attr-defined]
    return Panel(
        "mail/alias/_panel.html",
        {
            "domain": domain,
            "aliases": shown,
            "more": len(found) > SHOWN,
            "may_create": may(user, "alias.create", domain) and not domain.is_deleted,
        },
    )


def own_mailbox(request: HttpRequest) -> Panel | None:
    """A person's own mailbox, on his overview."""
    user = cast(User, request.user)
    mailbox = Mailbox.objects.visible_to(user).live().for_display().filter(user=user).first()
    if mailbox is None:
        return None
    state, sentence = explain.state_of(mailbox)
    return Panel("mail/mailbox/_own_panel.html", {"mailbox": mailbox, "state": state, "state_text": sentence})


def count_mailboxes(domain_ids: list[int]) -> dict[int, str]:
    """How many mailboxes each of these domains has and how much is in them, in words. One query."""
    rows = Mailbox.objects.live().filter(domain__in=domain_ids).order_by().values_list("domain")
    return {
        pk: ngettext("%(n)s mailbox with %(size)s", "%(n)s mailboxes with %(size)s", n)
        % {"n": f"{n:,}", "size": format_size(used or 0)}
        for pk, n, used in rows.annotate(n=Count("pk"), used=Sum("usage__bytes"))
    }


def use_of_limits(domain: Domain) -> dict[str, int]:
    """How much of a domain's limits its mailboxes and aliases take, and how much mail is stored. One query."""
    none = Value(0, output_field=BigIntegerField())
    boxes = Mailbox.objects.live().filter(domain=domain).order_by().values(of=Value("mailboxes"))
    given, largest, stored = Sum("quota_bytes"), Max("quota_bytes"), Sum("usage__bytes")
    aliases = Alias.objects.live().filter(domain=domain).order_by().values(of=Value("aliases"))
    taken = boxes.annotate(n=Count("pk"), given=given, largest=largest, stored=stored).union(
        aliases.annotate(n=Count("pk"), given=none, largest=none, stored=none), all=True
    )
    by_kind: dict[str, dict[str, Any]] = {row["of"]: dict(row) for row in taken}
    box = by_kind.get("mailboxes", {})
    return {
        "max_mailboxes": box.get("n", 0),
        "max_aliases": by_kind.get("aliases", {}).get("n", 0),
        "quota_total_bytes": box.get("given") or 0,
        "quota_mailbox_bytes": box.get("largest") or 0,
        "stored_bytes": box.get("stored") or 0,
    }


def count_aliases(domain_ids: list[int]) -> dict[int, str]:
    """How many aliases each of these domains has, in words. One query."""
    counts = Alias.objects.live().filter(domain__in=domain_ids).values_list("domain").annotate(n=Count("pk"))
    return {pk: ngettext("%(n)s alias", "%(n)s aliases", n) % {"n": f"{n:,}"} for pk, n in counts.order_by()}


def attention(user: User) -> Iterable[Attention]:
    """Full and suspended mailboxes, and a missing mail server. Counts stop at a thousand."""
    rows = Mailbox.objects.visible_to(user).live()
    address = reverse("mail:mailbox-list")
    full = count_up_to(rows.nearly_full())
    if full and may(user, "mailbox.change"):
        text = ngettext("mailbox is full or nearly full", "mailboxes are full or nearly full", full)
        yield Attention("warning", text, f"{address}?state=full", full)
    suspended = count_up_to(rows.filter(status=Mailbox.Status.SUSPENDED))
    if suspended and may(user, "mailbox.suspend"):
        text = ngettext("mailbox is suspended", "mailboxes are suspended", suspended)
        yield Attention("info", text, f"{address}?state=suspended", suspended)
    if may(user, "server.view") and not MailServer.objects.visible_to(user).filter(is_default=True).exists():
        yield Attention("danger", _("No mail server is set up for new mailboxes"), reverse("mail:server-list"), 1)
