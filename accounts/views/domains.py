"""Pages about domains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import contributions
from accounts.forms.base import PortalForm
from accounts.forms.domains import DomainCreateForm, DomainFilter, DomainLimitsForm
from accounts.limits import in_use, limits_of
from accounts.models import Customer, Domain
from accounts.permissions import may
from accounts.services import domains
from accounts.views.base import DetailPage
from accounts.views.forms import ActionPage, FormPage
from accounts.views.lists import Column, ListPage, ShownPage


class DomainList(ListPage):
    """All domains that this person may see."""

    action = "domain.view"
    model = Domain
    title = _("Domains")
    row_template = "accounts/domain/_row.html"
    filterset_class = DomainFilter
    default_sort = "name"
    columns = (
        Column("name", _("Domain"), sort="name"),
        Column("customer", _("Customer"), hide_small=True, action="customer.view"),
        Column("holds", _("Holds"), hide_small=True),
        Column("state", _("State")),
        Column("age", _("Since"), sort="created_at", hide_small=True),
    )
    csv_header = ("domain", "customer", "account number", "status", "mailboxes at most", "aliases at most")
    csv_name = "domains.csv"
    empty_title = _("No domains yet")
    empty_text = _("A domain belongs to a customer and holds mailboxes and aliases.")

    def new_url(self) -> str:
        return reverse("accounts:domain-create") if may(self.user, "domain.create") else ""

    def new_label(self) -> Any:
        return _("New domain")

    def shown(self, page: Any) -> ShownPage:
        """With `holds` on each domain of the page: what the apps above keep in it."""
        count_what_they_hold(page.objects)
        return super().shown(page)

    def get_context(self) -> dict[str, Any]:
        return {"sees_customer": may(self.user, "customer.view")}

    def csv_row(self, obj: Domain) -> Sequence[Any]:
        whose = (obj.customer.name, obj.customer.number) if may(self.user, "customer.view") else ("", "")
        return (obj.name, *whose, obj.status, obj.max_mailboxes, obj.max_aliases)


def count_what_they_hold(domains_shown: Sequence[Any]) -> None:
    """Give each domain `holds`: what the apps above keep in it, in words. A query for each app, not for each domain."""
    by_id = {domain.pk: domain for domain in domains_shown}
    for domain in domains_shown:
        domain.holds = []
    for count in contributions.domain_counts:
        for domain_id, text in count(list(by_id)).items():
            by_id[domain_id].holds.append(text)


class DomainDetail(DetailPage):
    """One domain: whose, in what state, its limits, who administers it, and what the apps above keep in it."""

    action = "domain.view"
    model = Domain
    template_name = "accounts/domain/detail.html"

    def get_context(self, obj: Domain) -> dict[str, Any]:
        uses = in_use(obj)
        return {
            "limits": limits_of(obj, uses),
            "stored_bytes": uses.get("stored_bytes", 0),
            "panels": [panel for make in contributions.domain_panels if (panel := make(self.request, obj))],
            "grants": obj.admins.select_related("user").order_by("user__email"),
            "can": {name: may(self.user, f"domain.{name}", obj) for name in ("change", "suspend", "delete", "admins")},
            "sees_customer": may(self.user, "customer.view"),
            "may_log_in_as": may(self.user, "user.impersonate"),
        }


class DomainCreate(FormPage):
    """Take a domain on."""

    action = "domain.create"
    form_class = DomainCreateForm
    title = _("New domain")
    submit_label = _("Create domain")

    def get_initial(self) -> dict[str, Any]:
        pk = self.request.GET.get("customer", "")
        customer = self.scoped(Customer).filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
        return {"customer": customer} if customer else {}

    def perform(self, form: PortalForm) -> Model:
        return domains.create_domain(self.user, **form.service_data())

    def cancel_url(self) -> str:
        return reverse("accounts:domain-list")


class DomainEdit(FormPage):
    """Change customer or limits."""

    action = "domain.change"
    model = Domain
    form_class = DomainLimitsForm
    title = _("Change domain")

    def get_form(self, data: Any = None, files: Any = None) -> PortalForm:
        form = super().get_form(data, files)
        for limit in limits_of(self.object):
            form.fields[limit.column].help_text = _now("In use: %(used)s. Empty: no limit.") % {"used": limit.used_text}
        return form

    def perform(self, form: PortalForm) -> Model:
        domain = domains.change_domain(
            self.user, domain=self.object, version=form.cleaned_data["version"], **form.service_data()
        )
        for limit in limits_of(domain):
            if limit.is_over:
                messages.warning(self.request, limit.warning)
        return domain


class DomainSuspend(ActionPage):
    """Stop a domain."""

    action = "domain.suspend"
    model = Domain
    title = _("Suspend domain")
    submit_label = _("Suspend")

    def consequences(self) -> list[Any]:
        return [
            _("Mail to it is refused, and no mail program can sign in to its mailboxes."),
            _("Everything in it stays."),
        ]

    def perform(self, form: PortalForm) -> Model:
        return domains.suspend_domain(self.user, domain=self.object)


class DomainActivate(ActionPage):
    """Let a domain work again."""

    action = "domain.suspend"
    model = Domain
    title = _("Activate domain")
    submit_label = _("Activate")

    def consequences(self) -> list[Any]:
        return [_("Mail to it is accepted again, and its mailboxes can be opened.")]

    def perform(self, form: PortalForm) -> Model:
        return domains.activate_domain(self.user, domain=self.object)


class DomainDelete(ActionPage):
    """Delete a domain, which can be undone for 30 days."""

    action = "domain.delete"
    model = Domain
    title = _("Delete domain")
    submit_label = _("Delete")
    success_message = _("Deleted. It can be brought back from this page.")
    danger = True

    def consequences(self) -> list[Any]:
        counts = [text for count in contributions.domain_counts for text in count([self.object.pk]).values()]
        lines = [_now("With it goes: %(list)s.") % {"list": ", ".join(map(str, counts))}] if counts else []
        undo = _now("All of it can be brought back for %(days)s days.") % {"days": settings.UNDO_DAYS}
        return [*lines, _("Mail to all its addresses is refused from now on."), undo]

    def perform(self, form: PortalForm) -> Model:
        return domains.delete_domain(self.user, domain=self.object)


class DomainRestore(ActionPage):
    """Bring a deleted domain back."""

    action = "domain.delete"
    model = Domain
    title = _("Bring domain back")
    submit_label = _("Bring back")
    success_message = _("It is back, with all that is in it.")

    def consequences(self) -> list[Any]:
        return [_("Its mailboxes and aliases come back with it, as they were, and work at once.")]

    def perform(self, form: PortalForm) -> Model:
        return domains.restore_domain(self.user, domain=self.object)
