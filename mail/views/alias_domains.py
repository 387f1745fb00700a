"""Pages about alias domains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.permissions import may
from accounts.views.forms import ActionPage, FormPage
from accounts.views.lists import Column, ListPage
from mail.forms.aliases import AliasDomainEditForm, AliasDomainForm
from mail.models import AliasDomain
from mail.services import aliases
from mail.views.initial import domain_in_url


class AliasDomainList(ListPage):
    """Domains that stand for others."""

    action = "aliasdomain.view"
    model = AliasDomain
    title = _("Alias domains")
    row_template = "mail/aliasdomain/_row.html"
    default_sort = "domain"
    columns = (
        Column("domain", _("Alias domain"), sort="domain__name"),
        Column("target", _("Stands for")),
        Column("state", _("State")),
    )
    csv_header = ("alias domain", "stands for", "active")
    csv_name = "alias-domains.csv"
    empty_title = _("No alias domains yet")
    empty_text = _("An alias domain has the addresses of another: x@alias is x@target, wherever that exists.")

    def new_url(self) -> str:
        return reverse("mail:aliasdomain-create") if may(self.user, "aliasdomain.change") else ""

    def new_label(self) -> Any:
        return _("New alias domain")

    def get_context(self) -> dict[str, Any]:
        return {"may_change": may(self.user, "aliasdomain.change")}

    def csv_row(self, obj: AliasDomain) -> Sequence[Any]:
        return (obj.domain.name, obj.target.name, "yes" if obj.is_active else "no")


class AliasDomainPage(FormPage):
    """All of these lead back to the list."""

    action = "aliasdomain.change"

    def cancel_url(self) -> str:
        return reverse("mail:aliasdomain-list")

    def get_success_url(self, result: Any) -> str:
        return self.cancel_url()


class AliasDomainCreate(AliasDomainPage):
    """Let a domain stand for another."""

    form_class = AliasDomainForm
    title = _("New alias domain")

    def get_initial(self) -> dict[str, Any]:
        return domain_in_url(self, "target")

    def perform(self, form: PortalForm) -> Model:
        return aliases.create_alias_domain(self.user, **form.service_data())


class AliasDomainEdit(AliasDomainPage):
    """Switch an alias domain on or off."""

    model = AliasDomain
    form_class = AliasDomainEditForm
    title = _("Change alias domain")

    def perform(self, form: PortalForm) -> Model:
        return aliases.change_alias_domain(
            self.user, alias_domain=self.object, version=form.cleaned_data["version"], **form.service_data()
        )


class AliasDomainDelete(AliasDomainPage, ActionPage):
    """Let the domain be itself again."""

    model = AliasDomain
    form_class = PortalForm
    template_name = ActionPage.template_name
    title = _("Remove alias domain")
    submit_label = _("Remove")
    danger = True

    def consequences(self) -> list[Any]:
        return [_("Mail to its addresses is refused, unless it has mailboxes or aliases of its own.")]

    def perform(self, form: PortalForm) -> HttpResponseBase:
        aliases.delete_alias_domain(self.user, alias_domain=self.object)
        return HttpResponseRedirect(self.cancel_url())
