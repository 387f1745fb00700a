"""Logging in as somebody else, and being oneself again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.account import ReasonForm
from accounts.middleware import ImpersonationMiddleware
from accounts.models import User
from accounts.permissions import may_impersonate
from accounts.services import impersonation
from accounts.views.base import ScopedView
from accounts.views.forms import ActionPage


class ImpersonationStart(ActionPage):
    """Asks for the reason."""

    action = "user.impersonate"
    model = User
    form_class = ReasonForm
    title = gettext_lazy("Log in as somebody else")
    submit_label = gettext_lazy("Log in as this person")

    @property
    def question(self) -> str:
        """Whom it is about."""
        return _("See the portal as %(person)s sees it?") % {"person": self.object.short_name}

    def find_object(self, **kwargs: Any) -> User:
        person: User = super().find_object(**kwargs)
        if not may_impersonate(self.user, person):
            raise PermissionDenied(_("Nobody can log in as staff, or as a suspended login."))
        return person

    def consequences(self) -> list[Any]:
        return [
            _("It ends by itself after half an hour, or when you say so."),
            _("Passwords, second factors and mail stay closed to you."),
            _("What you do is recorded under both your names, and the person is shown that you were there."),
        ]

    def perform(self, form: Any) -> HttpResponseBase:
        record = impersonation.start(self.user, user=self.object, reason=form.cleaned_data["reason"])
        self.request.session[ImpersonationMiddleware.SESSION_KEY] = record.pk
        return redirect("accounts:overview")

    def cancel_url(self) -> str:
        return "/"


class ImpersonationEnd(ScopedView):
    """Back to being oneself."""

    action = "account.view"

    def post(self, request: HttpRequest) -> HttpResponse:
        active = getattr(request, "impersonation", None)
        if active is not None:
            impersonation.end(active.staff, record=active.record)
            del request.session[ImpersonationMiddleware.SESSION_KEY]
            messages.info(request, _("You are yourself again."))
        return redirect("accounts:overview")
