"""Every change of a mail server goes through here."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require
from mail.errors import ServerError
from mail.models import MailServer
from roguelink.db.versions import write_changes


@transaction.atomic
def create_server(actor: User, *, name: str, is_default: bool = False, **columns: Any) -> MailServer:
    """Name a mail server. The first one is where new mailboxes go, whatever was chosen."""
    require(actor, "server.change")
    is_default = is_default or not MailServer.objects.filter(is_default=True).exists()
    if is_default:
        _no_other_default()
    try:
        with transaction.atomic():
            return MailServer.objects.create(name=name, is_default=is_default, **columns)
    except IntegrityError as error:
        raise ServerError(_("Another server has this name."), field="name") from error


@transaction.atomic
def change_server(actor: User, *, server: MailServer, version: int | None, **changes: Any) -> MailServer:
    """Change hosts, ports, or that new mailboxes go there. Raises StaleObject for an older form."""
    require(actor, "server.change", server)
    if changes.get("is_default") is False and server.is_default:
        raise ServerError(
            _("New mailboxes must go somewhere: make another server the one they go to."), field="is_default"
        )
    if changes.get("is_default"):
        _no_other_default(but=server)
    try:
        with transaction.atomic():
            return write_changes(server, expected=version, changes=changes)
    except IntegrityError as error:
        raise ServerError(_("Another server has this name."), field="name") from error


@transaction.atomic
def delete_server(actor: User, *, server: MailServer) -> None:
    """Forget a server that holds no mailbox. Raises ServerError for one that does, or takes new ones."""
    require(actor, "server.change", server)
    if server.is_default:
        raise ServerError(_("New mailboxes go to this server. Choose another for them first."))
    if server.mailboxes.exists():
        raise ServerError(_("There are still mailboxes on this server."))
    server.delete()


def _no_other_default(but: MailServer | None = None) -> None:
    others = MailServer.objects.filter(is_default=True)
    if but is not None:
        others = others.exclude(pk=but.pk)
    others.update(is_default=False, version=F("version") + 1)
