"""What mail adds to the pages of accounts: the mailboxes and aliases of a domain or a customer, one's own mailbox.

Each panel is one query, and costs the same for a domain of ten as for one of five thousand.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Count, Max, OuterRef, Q, QuerySet, Sum, Value
from django.http import HttpRequest
from django.utils.translation import ngettext

from accounts.contributions import Panel
from accounts.models import Customer, Domain, User
from accounts.permissions import may
from mail import explain
from mail.models import Alias, AliasDomain, AliasTarget, Mailbox, MailboxUsage
from roguelink.sizes import format_size

SHOWN = 10  # rows in a panel: enough for most domains
TARGETS_SHOWN = 3


def domain_mailboxes(request: HttpRequest, domain: Domain) -> Panel | None:
    """The first mailboxes of a domain, and the way to all of them."""
    user = cast(User, request.user)
    if not may(user, "mailbox.view", domain):
        return None
    shown, more = _first(Mailbox.objects.visible_to(user).live().filter(domain=domain).for_display())
    may_create = may(user, "mailbox.create", domain) and not domain.is_deleted
    return Panel(
        "mail/mailbox/_panel.html", {"domain": domain, "mailboxes": shown, "may_create": may_create, "more": more}
    )


def domain_aliases(request: HttpRequest, domain: Domain) -> Panel | None:
    """The first aliases of a domain, each with where it leads and which of that was last found to take no mail."""
    user = cast(User, request.user)
    if not may(user, "alias.view", domain):
        return None
    targets = AliasTarget.objects.filter(alias=OuterRef("pk")).order_by("target").values("target")
    rows = Alias.objects.visible_to(user).live().filter(domain=domain).select_related("domain__customer")
    shown, more = _first(
        rows.annotate(
            leads_to=ArraySubquery(targets[: TARGETS_SHOWN + 1]),
            dead_targets=ArraySubquery(targets.filter(is_dead=True)[:TARGETS_SHOWN]),
        )
    )
    may_create = may(user, "alias.create", domain) and not domain.is_deleted
    return Panel(
        "mail/alias/_panel.html",
        {
            "domain": domain,
            "aliases": shown,
            "may_create": may_create,
            "targets_shown": TARGETS_SHOWN,
            "more": more,
        },
    )


def domain_alias_domains(request: HttpRequest, domain: Domain) -> Panel | None:
    """What a domain stands for, and which stand for it; nothing where neither is so and it cannot be made so."""
    user = cast(User, request.user)
    rows = AliasDomain.objects.visible_to(user).filter(Q(domain=domain) | Q(target=domain)).for_display()
    shown = list(rows.order_by("domain__name")[:SHOWN])
    stands_for = next((row for row in shown if row.domain_id == domain.pk), None)
    may_change = may(user, "aliasdomain.change", domain) and not domain.is_deleted
    if not shown and not may_change:
        return None
    return Panel(
        "mail/aliasdomain/_panel.html",
        {
            "domain": domain,
            "stands_for": stands_for,
            "others": [row for row in shown if row is not stands_for],
            "may_change": may_change,
        },
    )


def customer_mailboxes(request: HttpRequest, customer: Customer) -> Panel | None:
    """The first mailboxes of a customer, whatever the domain: what is mostly asked about on the phone."""
    user = cast(User, request.user)
    rows = Mailbox.objects.visible_to(user).live().filter(domain__customer=customer).for_display()
    shown, more = _first(rows)
    if not shown:
        return None
    return Panel("mail/mailbox/_panel.html", {"mailboxes": shown, "may_create": False, "more": more})


def own_mailbox(request: HttpRequest) -> Panel | None:
    """A person's own mailbox, on his overview: whether it works, how full it is, who signed in, how to set it up."""
    user = cast(User, request.user)
    mailbox = (
        Mailbox.objects.visible_to(user)
        .live()
        .for_display()
        .prefetch_related("forwards", "last_logins")
        .filter(user=user)
        .first()
    )
    if mailbox is None:
        return None
    state, sentence = explain.state_of(mailbox)
    last_logins = sorted(mailbox.last_logins.all(), key=lambda login: -login.at)
    return Panel(
        "mail/mailbox/_own_panel.html",
        {"mailbox": mailbox, "state": state, "state_text": sentence, "last_logins": last_logins},
    )


def count_mailboxes(domain_ids: list[int]) -> dict[int, str]:
    """How many mailboxes each of these domains has and how much is in them, in words. Two queries."""
    rows = Mailbox.objects.live().filter(domain__in=domain_ids).order_by().values_list("domain")
    usage = MailboxUsage.objects.filter(domain__in=domain_ids).order_by().values_list("domain")
    stored = dict(usage.annotate(stored=Sum("bytes")))
    return {
        pk: ngettext("%(n)s mailbox with %(size)s", "%(n)s mailboxes with %(size)s", n)
        % {"n": f"{n:,}", "size": format_size(stored.get(pk) or 0)}
        for pk, n in rows.annotate(n=Count("pk"))
    }


def count_aliases(domain_ids: list[int]) -> dict[int, str]:
    """How many aliases each of these domains has, in words. One query."""
    counts = Alias.objects.live().filter(domain__in=domain_ids).values_list("domain").annotate(n=Count("pk"))
    return {pk: ngettext("%(n)s alias", "%(n)s aliases", n) % {"n": f"{n:,}"} for pk, n in counts.order_by()}


def use_of_limits(domain: Domain) -> dict[str, int]:
    """How much of a domain's limits its mailboxes and aliases take, and how much mail is stored. One query."""
    none = Value(0, output_field=BigIntegerField())
    boxes = Mailbox.objects.live().filter(domain=domain).order_by().values(of=Value("mailboxes"))
    given, largest = Sum("quota_bytes"), Max("quota_bytes")
    aliases = Alias.objects.live().filter(domain=domain).order_by().values(of=Value("aliases"))
    stored = MailboxUsage.objects.filter(domain=domain).order_by().values(of=Value("usage"))
    taken = boxes.annotate(n=Count("pk"), given=given, largest=largest).union(
        aliases.annotate(n=Count("pk"), given=none, largest=none),
        stored.annotate(n=Count("pk"), given=Sum("bytes"), largest=none),
        all=True,
    )
    by_kind: dict[str, dict[str, Any]] = {row["of"]: dict(row) for row in taken}
    box = by_kind.get("mailboxes", {})
    return {
        "max_mailboxes": box.get("n", 0),
        "max_aliases": by_kind.get("aliases", {}).get("n", 0),
        "quota_total_bytes": box.get("given") or 0,
        "quota_mailbox_bytes": box.get("largest") or 0,
        "stored_bytes": by_kind.get("usage", {}).get("given") or 0,
    }


def _first(rows: QuerySet[Any]) -> tuple[list[Any], bool]:
    """The first rows by address, and whether there are more."""
    found = list(rows.order_by("address")[: SHOWN + 1])
    return found[:SHOWN], len(found) > SHOWN
