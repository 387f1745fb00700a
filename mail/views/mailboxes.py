"""Pages about mailboxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.permissions import may, may_impersonate, may_set_password
from accounts.views.base import DetailPage
from accounts.views.forms import ActionPage, FormPage
from accounts.views.lists import BulkAction, Column, ListPage
from mail import explain
from mail.forms.filters import MailboxFilter
from mail.forms.mailboxes import (
    ForwardsForm,
    MailboxCreateForm,
    MailboxEditForm,
    MailboxPasswordForm,
)
from mail.models import AliasTarget, LastLogin, Mailbox
from mail.services import forwards, mailboxes
from mail.services.health import troubles_of
from mail.views.initial import domain_in_url
from roguelink.sizes import exact_size

MAILBOX_BULK_ACTIONS = (
    BulkAction("activate", _("Activate"), "player-play", "mailbox.suspend"),
    BulkAction("suspend", _("Suspend"), "player-pause", "mailbox.suspend"),
    BulkAction("quota", _("Set quota"), "database", "mailbox.quota"),
    BulkAction("export", _("Export CSV"), "download", "mailbox.view"),
    BulkAction("delete", _("Delete"), "trash", "mailbox.delete", danger=True),
)


class MailboxList(ListPage):
    """All mailboxes that this person may see."""

    action = "mailbox.view"
    model = Mailbox
    title = _("Mailboxes")
    row_template = "mail/mailbox/_row.html"
    filterset_class = MailboxFilter
    default_sort = "address"
    bulk_actions = MAILBOX_BULK_ACTIONS
    columns = (
        Column("address", _("Address"), sort="address"),
        Column("name", _("Name"), hide_small=True),
        Column("usage", _("Space used"), hide_small=True),
        Column("state", _("State")),
        Column("age", _("Since"), sort="created_at", hide_small=True),
    )
    csv_header = ("address", "name", "quota", "used mb", "status", "forwards", "keep copy")
    csv_name = "mailboxes.csv"
    empty_title = _("No mailboxes yet")
    empty_text = _("A mailbox belongs to a domain. Create one here, or import a list from a CSV file.")

    def get_queryset(self) -> QuerySet[Mailbox]:
        return super().get_queryset().prefetch_related("forwards")

    def bulk_url(self) -> str:
        return reverse("mail:mailbox-bulk")

    def new_url(self) -> str:
        return reverse("mail:mailbox-create") if may(self.user, "mailbox.create") else ""

    def new_label(self) -> Any:
        return _("New mailbox")

    def get_context(self) -> dict[str, Any]:
        return {"import_url": reverse("mail:mailbox-import") if may(self.user, "mailbox.import") else ""}

    def csv_row(self, obj: Mailbox) -> Sequence[Any]:
        return mailbox_csv_row(obj)


def mailbox_csv_row(mailbox: Mailbox) -> Sequence[Any]:
    """A mailbox as a line of CSV that can be imported again."""
    used = mailbox.usage.bytes if hasattr(mailbox, "usage") else 0
    return (
        *(
            mailbox.address,
            mailbox.name,
            exact_size(mailbox.quota_bytes) if mailbox.quota_bytes else "",
            used // 1024**2,
            mailbox.status,
        ),
        " ".join(forward.target for forward in mailbox.forwards.all()),
        "yes" if mailbox.keep_copy else "no",
    )


class MailboxDetail(DetailPage):
    """One mailbox at one look: whether it works, how full it is, who signed in when, what leads here."""

    action = "mailbox.view"
    model = Mailbox
    template_name = "mail/mailbox/detail.html"

    def get_context(self, obj: Mailbox) -> dict[str, Any]:
        badge, sentence = explain.state_of(obj)
        leading_on = list(obj.forwards.all())
        return {
            "state": badge,
            "state_text": sentence,
            "forwards": leading_on,
            "dead_forwards": troubles_of([forward.target for forward in leading_on]).values(),
            "sees_domain": may(self.user, "domain.view", obj.domain),
            "aliases": aliases_to(self, obj)[:20],
            "last_logins": self.scoped(LastLogin).filter(mailbox=obj).order_by("-at")[:6],
            "can": {
                name: may(self.user, f"mailbox.{name}", obj)
                for name in ("change", "forward", "suspend", "delete", "password")
            }
            | {
                "password": may(self.user, "mailbox.password", obj) and may_set_password(self.user, obj.user),
                "log_in_as": not obj.deleted_at and may_impersonate(self.user, obj.user),
            },
        }


def aliases_to(page: Any, mailbox: Mailbox) -> QuerySet[AliasTarget]:
    """The targets by which aliases in scope lead to a mailbox."""
    rows: QuerySet[AliasTarget] = page.scoped(AliasTarget).filter(target=mailbox.address, alias__deleted_at=None)
    return rows.select_related("alias").order_by("alias__address")


class MailboxCreate(FormPage):
    """Make a mailbox; the answer shows its password, once."""

    action = "mailbox.create"
    form_class = MailboxCreateForm
    title = _("New mailbox")
    submit_label = _("Create mailbox")

    def get_initial(self) -> dict[str, Any]:
        return domain_in_url(self)

    def perform(self, form: PortalForm) -> HttpResponseBase:
        mailbox = mailboxes.create_mailbox(self.user, **form.service_data())
        self.must_be_in_scope(mailbox)
        self.object = mailbox
        return show_credentials(self, mailbox, form.cleaned_data["password"])

    def result_url(self, response: HttpResponseBase) -> str:
        return reverse("mail:mailbox-detail", args=[self.object.pk])

    def cancel_url(self) -> str:
        return reverse("mail:mailbox-list")


def show_credentials(page: FormPage, mailbox: Mailbox, password: str) -> HttpResponse:
    """The page that shows a password, once: it is the answer itself, so that nothing has to keep it."""
    context = {"object": mailbox, "password": password, "server": mailbox.server}
    response = page.render(context, template="mail/mailbox/credentials.html")
    response["Cache-Control"] = "no-store"
    return response


class MailboxEdit(FormPage):
    """Change name, quota, protocols, server."""

    action = "mailbox.change"
    model = Mailbox
    form_class = MailboxEditForm
    title = _("Change mailbox")

    def perform(self, form: PortalForm) -> Model:
        return mailboxes.change_mailbox(
            self.user, mailbox=self.object, version=form.cleaned_data["version"], **form.service_data()
        )


class MailboxForwards(FormPage):
    """Change where the mail is sent on to; the owner may do this himself."""

    action = "mailbox.forward"
    model = Mailbox
    form_class = ForwardsForm
    title = _("Forwarding")

    def perform(self, form: PortalForm) -> Model:
        return forwards.set_forwards(
            self.user, mailbox=self.object, version=form.cleaned_data["version"], **form.service_data()
        )


class MailboxPassword(FormPage):
    """A new password for the owner; the answer shows it, once."""

    action = "mailbox.password"
    model = Mailbox
    form_class = MailboxPasswordForm
    title = _("New password")
    submit_label = _("Set password")

    def perform(self, form: PortalForm) -> HttpResponseBase:
        password = form.cleaned_data["new_password"]
        mailboxes.set_mailbox_password(self.user, mailbox=self.object, new_password=password)
        return show_credentials(self, self.object, password)


class MailboxSuspend(ActionPage):
    """Stop a mailbox."""

    action = "mailbox.suspend"
    model = Mailbox
    title = _("Suspend mailbox")
    submit_label = _("Suspend")

    def consequences(self) -> list[Any]:
        return [
            _("Mail to it is refused, and no mail program can sign in."),
            _("What is in it stays; it can be activated again."),
            *mailboxes.who_is_reached_instead(self.object.local_part),
        ]

    def perform(self, form: PortalForm) -> Model:
        return mailboxes.suspend_mailbox(self.user, mailbox=self.object)


class MailboxActivate(ActionPage):
    """Let a mailbox work again."""

    action = "mailbox.suspend"
    model = Mailbox
    title = _("Activate mailbox")
    submit_label = _("Activate")

    def consequences(self) -> list[Any]:
        return [_("Mail arrives again at once, and mail programs can sign in.")]

    def perform(self, form: PortalForm) -> Model:
        return mailboxes.activate_mailbox(self.user, mailbox=self.object)


class MailboxDelete(ActionPage):
    """Delete a mailbox, which can be undone for 30 days."""

    action = "mailbox.delete"
    model = Mailbox
    title = _("Delete mailbox")
    submit_label = _("Delete")
    success_message = _("Deleted. It can be brought back from this page.")
    danger = True

    def consequences(self) -> list[Any]:
        leading = [target.alias.address for target in aliases_to(self, self.object)[:10]]
        return mailboxes.what_goes_with(self.object, leading)

    def perform(self, form: PortalForm) -> Model:
        return mailboxes.delete_mailbox(self.user, mailbox=self.object)


class MailboxRestore(ActionPage):
    """Bring a deleted mailbox back."""

    action = "mailbox.delete"
    model = Mailbox
    title = _("Bring mailbox back")
    submit_label = _("Bring back")
    success_message = _("It is back, as it was.")

    def consequences(self) -> list[Any]:
        return [_("Mail arrives again at once, and its owner can sign in with the password he had.")]

    def perform(self, form: PortalForm) -> Model:
        return mailboxes.restore_mailbox(self.user, mailbox=self.object)
