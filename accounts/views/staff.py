"""Pages about staff logins, for the owner."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.forms.staff import StaffCreateForm, StaffEditForm
from accounts.models import User
from accounts.permissions import may
from accounts.services import staff
from accounts.views.forms import ActionPage, FormPage
from accounts.views.lists import Column, ListPage


class StaffList(ListPage):
    """The people at the desk."""

    action = "staff.view"
    model = User
    title = _("Staff")
    row_template = "accounts/staff/_row.html"
    default_sort = "email"
    columns = (
        Column("email", _("Sign-in address"), sort="email"),
        Column("name", _("Name"), hide_small=True),
        Column("level", _("Level")),
        Column("factor", _("Second factor")),
        Column("last_login", _("Last here"), hide_small=True),
    )

    def get_queryset(self) -> QuerySet[User]:
        factors = Authenticator._default_manager.filter(user=OuterRef("pk")).exclude(type="recovery_codes")
        return self.scoped(User).filter(is_staff=True).annotate(has_factor=Exists(factors))

    def new_url(self) -> str:
        return reverse("accounts:staff-create") if may(self.user, "staff.change") else ""

    def new_label(self) -> Any:
        return _("New staff login")


class StaffPage(FormPage):
    """All of these lead back to the list, and are about staff only."""

    action = "staff.change"

    def find_object(self, **kwargs: Any) -> Any:
        return self.find(User, kwargs["pk"], within={"is_staff": True}) if "pk" in kwargs else None

    def cancel_url(self) -> str:
        return reverse("accounts:staff-list")

    def get_success_url(self, result: Any) -> str:
        return self.cancel_url()

    def show_password(self, user: User, password: str) -> HttpResponseBase:
        """The answer that shows a password, once."""
        response = self.render({"object": user, "password": password}, template="accounts/staff/credentials.html")
        response["Cache-Control"] = "no-store"
        return response


class StaffCreate(StaffPage):
    """A new person at the desk; the password is shown, once."""

    form_class = StaffCreateForm
    title = _("New staff login")

    def perform(self, form: PortalForm) -> HttpResponseBase:
        return self.show_password(*staff.create_staff(self.user, **form.service_data()))


class StaffEdit(StaffPage):
    """Change a staff login."""

    form_class = StaffEditForm
    template_name = "accounts/staff/form.html"
    title = _("Change staff login")

    def get_context(self, form: PortalForm) -> dict[str, Any]:
        return {"may_reset": self.object.pk != self.user.pk}

    def perform(self, form: PortalForm) -> Model:
        return staff.change_staff(
            self.user, user=self.object, version=form.cleaned_data["version"], **form.service_data()
        )


class StaffPassword(StaffPage, ActionPage):
    """A generated password for a staff login."""

    form_class = PortalForm
    template_name = ActionPage.template_name
    title = _("New password for staff")
    submit_label = _("Make a new password")

    def consequences(self) -> list[Any]:
        return [_("The old password no longer works, and all sessions end.")]

    def perform(self, form: PortalForm) -> HttpResponseBase:
        return self.show_password(self.object, staff.renew_staff_password(self.user, user=self.object))


class StaffFactors(StaffPage, ActionPage):
    """Remove second factors of somebody who lost his telephone."""

    form_class = PortalForm
    template_name = ActionPage.template_name
    title = _("Remove second factors")
    submit_label = _("Remove")
    success_message = _("Removed. At the next sign-in a new second factor can be set up.")
    danger = True

    def consequences(self) -> list[Any]:
        return [_("Until a new one is set up, the password alone opens this login. All sessions end.")]

    def perform(self, form: PortalForm) -> None:
        staff.remove_second_factors(self.user, user=self.object)
