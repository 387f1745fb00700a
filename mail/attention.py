"""What in mail somebody should look at today: counted by indexes, no further than a thousand, in one query."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.contributions import Attention
from accounts.models import User
from accounts.permissions import may
from mail.models import Alias, Mailbox, MailServer
from roguelink.db.keyset import CountUpTo


def attention(user: User) -> Iterable[Attention]:
    """The worst first; nothing about what this person cannot change."""
    counts = _count(user)
    mailboxes, aliases = reverse("mail:mailbox-list"), reverse("mail:alias-list")
    if counts.get("servers") == 0:
        yield Attention("danger", _("No mail server is set up for new mailboxes"), reverse("mail:server-list"))
    if full := counts.get("full"):
        text = ngettext(
            "One mailbox is full: mail to it is refused", "mailboxes are full: mail to them is refused", full
        )
        yield Attention("danger", text, f"{mailboxes}?state=full", full)
    if nearly := counts.get("nearly"):
        text = ngettext("One mailbox is nearly full", "mailboxes are nearly full", nearly)
        yield Attention("warning", text, f"{mailboxes}?state=nearly", nearly)
    if dead := counts.get("dead"):
        text = ngettext("One alias leads to an address without mail", "aliases lead to addresses without mail", dead)
        yield Attention("warning", text, f"{aliases}?state=dead", dead)
    if suspended := counts.get("suspended"):
        text = ngettext("One mailbox is suspended", "mailboxes are suspended", suspended)
        yield Attention("info", text, f"{mailboxes}?state=suspended", suspended)


def _count(user: User) -> dict[str, int]:
    """How many there are of each kind that this person can do something about."""
    counted: dict[str, CountUpTo] = {}
    if may(user, "server.view"):
        counted["servers"] = CountUpTo(MailServer.objects.visible_to(user).filter(is_default=True))
    if may(user, "mailbox.change"):
        mailboxes = Mailbox.objects.visible_to(user).live()
        counted["full"] = CountUpTo(mailboxes.full())
        counted["nearly"] = CountUpTo(mailboxes.nearly_full())
        counted["suspended"] = CountUpTo(mailboxes.filter(status=Mailbox.Status.SUSPENDED))
    if may(user, "alias.change"):
        counted["dead"] = CountUpTo(Alias.objects.visible_to(user).live().dead())
    return User.objects.filter(pk=user.pk).values(**counted).get() if counted else {}
