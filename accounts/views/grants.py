"""Pages about who administers a domain."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.forms.domains import DomainAdminForm
from accounts.models import Domain, DomainAdmin
from accounts.services import grants
from accounts.views.forms import ActionPage, FormPage


class GrantCreate(FormPage):
    """Give the domain to somebody; a new login's password is shown, once."""

    action = "domain.admins"
    model = Domain
    form_class = DomainAdminForm
    title = _("New administrator")
    submit_label = _("Give the domain")

    def get_form(self, data: Any = None, files: Any = None) -> PortalForm:
        return self.form_class(data, files, user=self.user)

    def perform(self, form: PortalForm) -> HttpResponseBase | None:
        assert isinstance(form, DomainAdminForm)  # noqa: S101 (for the type checker)
        grant, password = grants.grant_domain(
            self.user, domain=self.object, email=form.cleaned_data["email"], **form.switches()
        )
        if not password:
            return None
        context = {"object": self.object, "grant": grant, "password": password}
        response = self.render(context, template="accounts/domain/admin_created.html")
        response["Cache-Control"] = "no-store"
        return response


class GrantPage(FormPage):
    """What the pages of one grant share: it is found below its domain, and leads back to it."""

    action = "domain.admins"

    def find_object(self, **kwargs: Any) -> DomainAdmin:
        self.domain = self.find(Domain, kwargs["pk"])
        grant = self.scoped(DomainAdmin).filter(domain=self.domain, pk=kwargs["grant"]).select_related("user").first()
        if grant is None:
            raise Http404
        return grant

    def cancel_url(self) -> str:
        return self.domain.get_absolute_url()

    def get_success_url(self, result: Any) -> str:
        return self.cancel_url()


class GrantEdit(GrantPage):
    """Change what an administrator may do."""

    form_class = DomainAdminForm
    title = _("Change administrator")

    def get_form(self, data: Any = None, files: Any = None) -> PortalForm:
        form = super().get_form(data, files)
        del form.fields["email"]
        return form

    def perform(self, form: PortalForm) -> Model:
        assert isinstance(form, DomainAdminForm)  # noqa: S101 (for the type checker)
        return grants.change_grant(
            self.user, grant=self.object, version=form.cleaned_data["version"], **form.switches()
        )


class GrantRevoke(GrantPage, ActionPage):
    """Take the domain back."""

    form_class = PortalForm
    template_name = ActionPage.template_name
    title = _("Take the domain back")
    submit_label = _("Take back")
    success_message = _("Taken back: this login no longer administers the domain.")

    def consequences(self) -> list[Any]:
        return [_("The login stays: it may have a mailbox or other domains.")]

    def perform(self, form: PortalForm) -> None:
        grants.revoke_grant(self.user, grant=self.object)
