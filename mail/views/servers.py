"""Pages about mail servers: staff see them, the owner changes them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.permissions import may
from accounts.views.forms import ActionPage, FormPage
from accounts.views.lists import Column, ListPage
from mail.forms.servers import MailServerForm
from mail.models import MailServer
from mail.services import servers


class ServerList(ListPage):
    """The mail servers."""

    action = "server.view"
    model = MailServer
    title = _("Mail servers")
    row_template = "mail/server/_row.html"
    default_sort = "name"
    columns = (
        Column("name", _("Name"), sort="name"),
        Column("host", _("Host")),
        Column("public_host", _("Name for customers"), hide_small=True),
        Column("kind", _("Kind")),
    )
    empty_title = _("No mail server yet")
    empty_text = _("Name the server that holds the mailboxes; only then can there be any.")

    def new_url(self) -> str:
        return reverse("mail:server-create") if may(self.user, "server.change") else ""

    def new_label(self) -> Any:
        return _("New mail server")

    def get_context(self) -> dict[str, Any]:
        return {"may_change": may(self.user, "server.change")}


class ServerCreate(FormPage):
    """Name a mail server."""

    action = "server.change"
    form_class = MailServerForm
    title = _("New mail server")

    def perform(self, form: PortalForm) -> Model:
        return servers.create_server(self.user, **form.service_data())

    def cancel_url(self) -> str:
        return reverse("mail:server-list")

    def get_success_url(self, result: Any) -> str:
        return self.cancel_url()


class ServerEdit(FormPage):
    """Change a mail server."""

    action = "server.change"
    model = MailServer
    form_class = MailServerForm
    title = _("Change mail server")

    def perform(self, form: PortalForm) -> Model:
        return servers.change_server(
            self.user, server=self.object, version=form.cleaned_data["version"], **form.service_data()
        )

    def cancel_url(self) -> str:
        return reverse("mail:server-list")

    def get_success_url(self, result: Any) -> str:
        return self.cancel_url()


class ServerDelete(ActionPage):
    """Forget a mail server that holds nothing."""

    action = "server.change"
    model = MailServer
    title = _("Forget mail server")
    submit_label = _("Forget")
    danger = True

    def perform(self, form: PortalForm) -> HttpResponseBase:
        servers.delete_server(self.user, server=self.object)
        return HttpResponseRedirect(self.cancel_url())

    def cancel_url(self) -> str:
        return reverse("mail:server-list")
