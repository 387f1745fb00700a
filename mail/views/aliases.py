"""Pages about aliases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.permissions import may
from accounts.views.base import DetailPage
from accounts.views.forms import ActionPage, FormPage
from accounts.views.lists import BulkAction, Column, ListPage, ShownPage
from mail.forms.aliases import AliasCreateForm, AliasEditForm
from mail.forms.filters import AliasFilter
from mail.models import Alias
from mail.services import aliases
from mail.services.health import findings
from mail.services.mailboxes import who_is_reached_instead
from mail.views.initial import domain_in_url


class AliasList(ListPage):
    """All aliases that this person may see, each with what is wrong with it."""

    action = "alias.view"
    model = Alias
    title = _("Aliases")
    row_template = "mail/alias/_row.html"
    filterset_class = AliasFilter
    default_sort = "address"
    columns = (
        Column("address", _("Address"), sort="address"),
        Column("targets", _("Goes to")),
        Column("state", _("State")),
        Column("age", _("Since"), sort="created_at", hide_small=True),
    )
    bulk_actions = (
        BulkAction("activate", _("Activate"), "player-play", "alias.change"),
        BulkAction("deactivate", _("Switch off"), "player-pause", "alias.change"),
        BulkAction("export", _("Export CSV"), "download", "alias.view"),
        BulkAction("delete", _("Delete"), "trash", "alias.delete", danger=True),
    )
    csv_header = ("address", "targets", "note", "until", "active")
    csv_name = "aliases.csv"
    empty_title = _("No aliases yet")
    empty_text = _("An alias is an address whose mail goes to others. Create one here, or import a CSV file.")

    def shown(self, page: Any) -> ShownPage:
        """With `health` on each alias of the page: what is wrong with its targets."""
        by_alias = findings(page.objects)
        for alias in page.objects:
            alias.health = by_alias.get(alias.pk, [])
        return super().shown(page)

    def bulk_url(self) -> str:
        return reverse("mail:alias-bulk")

    def new_url(self) -> str:
        return reverse("mail:alias-create") if may(self.user, "alias.create") else ""

    def new_label(self) -> Any:
        return _("New alias")

    def get_context(self) -> dict[str, Any]:
        return {
            "import_url": reverse("mail:alias-import") if may(self.user, "alias.import") else "",
            "related": [(_("Alias domains"), reverse("mail:aliasdomain-list"))],
        }

    def csv_row(self, obj: Alias) -> Sequence[Any]:
        return alias_csv_row(obj)


def alias_csv_row(alias: Alias) -> Sequence[Any]:
    """An alias as a line of CSV that can be imported again."""
    targets = " ".join(target.target for target in alias.targets.all())
    until = alias.expires_at.isoformat() if alias.expires_at else ""
    return (alias.address, targets, alias.note, until, "yes" if alias.is_active else "no")


class AliasDetail(DetailPage):
    """One alias: where it leads, and whether that arrives."""

    action = "alias.view"
    model = Alias
    template_name = "mail/alias/detail.html"

    def get_context(self, obj: Alias) -> dict[str, Any]:
        return {
            "targets": obj.targets.all(),
            "health": findings([obj]).get(obj.pk, []),
            "can": {name: may(self.user, f"alias.{name}", obj) for name in ("change", "delete")},
            "sees_domain": may(self.user, "domain.view", obj.domain),
        }


class AliasCreate(FormPage):
    """Make an alias."""

    action = "alias.create"
    form_class = AliasCreateForm
    title = _("New alias")
    submit_label = _("Create alias")

    def get_initial(self) -> dict[str, Any]:
        return domain_in_url(self)

    def perform(self, form: PortalForm) -> Model:
        return aliases.create_alias(self.user, **form.service_data())

    def cancel_url(self) -> str:
        return reverse("mail:alias-list")


class AliasEdit(FormPage):
    """Change where an alias leads."""

    action = "alias.change"
    model = Alias
    form_class = AliasEditForm
    title = _("Change alias")

    def perform(self, form: PortalForm) -> Model:
        return aliases.change_alias(
            self.user, alias=self.object, version=form.cleaned_data["version"], **form.service_data()
        )


class AliasDelete(ActionPage):
    """Delete an alias, which can be undone for 30 days."""

    action = "alias.delete"
    model = Alias
    title = _("Delete alias")
    submit_label = _("Delete")
    success_message = _("Deleted. It can be brought back from this page.")
    danger = True

    def consequences(self) -> list[Any]:
        return [
            _now("Mail to %(address)s no longer goes to %(targets)s.")
            % {
                "address": self.object.address,
                "targets": ", ".join(target.target for target in self.object.targets.all()[:10]),
            },
            *who_is_reached_instead(self.object.local_part),
            _now("It can be brought back for %(days)s days.") % {"days": settings.UNDO_DAYS},
        ]

    def perform(self, form: PortalForm) -> Model:
        return aliases.delete_alias(self.user, alias=self.object)


class AliasRestore(ActionPage):
    """Bring a deleted alias back."""

    action = "alias.delete"
    model = Alias
    title = _("Bring alias back")
    submit_label = _("Bring back")
    success_message = _("It is back, as it was.")

    def perform(self, form: PortalForm) -> Model:
        return aliases.restore_alias(self.user, alias=self.object)


class AliasPurge(ActionPage):
    """Delete a tombstone for good, so that its address is free at once."""

    action = "alias.delete"
    model = Alias
    title = _("Delete alias for good")
    submit_label = _("Delete for good")
    danger = True

    def consequences(self) -> list[Any]:
        return [_("Its address is free at once."), _("This alias cannot be brought back any more.")]

    def perform(self, form: PortalForm) -> HttpResponseBase:
        aliases.purge_alias(self.user, alias=self.object)
        messages.success(self.request, _("It is gone, and its address is free."))
        return HttpResponseRedirect(reverse("mail:alias-list"))
