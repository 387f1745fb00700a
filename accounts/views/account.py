"""My account: who one is, how one gets in, where one is signed in, and who was there in one's name."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import browsers, contributions
from accounts.forms.account import PasswordForm, ProfileForm
from accounts.models import DomainAdmin, Impersonation, User
from accounts.permissions import may
from accounts.services import passwords, profile, sessions
from accounts.views.base import ScopedView
from accounts.views.forms import FormPage


class MyAccount(ScopedView):
    """All of it on one page."""

    action = "account.view"
    template_name = "accounts/account/detail.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(
            {
                "kinds": profile.second_factors(self.user),
                "sessions": [] if self.user.impersonator else self.sessions(),
                "impersonations": self.impersonations(),
                "grants": self.scoped(DomainAdmin).filter(user=self.user).select_related("domain"),
                "panels": [panel for make in contributions.account_panels if (panel := make(request))],
                "usual_zone": settings.TIME_ZONE,
                "may_change": may(self.user, "account.change"),
            }
        )

    def sessions(self) -> list[dict[str, Any]]:
        """Where this person is signed in, each with whether it is here."""
        here = self.request.session.session_key
        return [
            {"row": row, "browser": browsers.describe(row.user_agent), "is_here": row.session_key == here}
            for row in sessions.open_sessions(self.user)
        ]

    def impersonations(self) -> Any:
        """Who was there in this person's name, the latest ten."""
        rows = self.scoped(Impersonation).filter(user=self.user).select_related("staff")
        return rows.order_by("-started_at")[:10]


# Whoever finds a screen unlocked must not turn the recovery address, and by it the password, into his own.
@method_decorator(reauthentication_required, name="dispatch")
class ProfileEdit(FormPage):
    """Name, recovery address and time zone."""

    action = "account.change"
    form_class = ProfileForm
    title = gettext_lazy("My account")

    def find_object(self, **kwargs: Any) -> User:
        return self.find(User, self.user.pk)

    def perform(self, form: Any) -> HttpResponseBase:
        data = form.service_data()
        profile.change_profile(self.user, user=self.object, version=form.cleaned_data["version"], **data)
        messages.success(self.request, self.success_message)
        return redirect(self.cancel_url())

    def cancel_url(self) -> str:
        return reverse("accounts:account")


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class PasswordChange(FormPage):
    """One's own new password. Knowing the present one is asked here, so no further proof is."""

    action = "account.change"
    form_class = PasswordForm
    title = gettext_lazy("Change my password")
    submit_label = gettext_lazy("Change password")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not ratelimit.consume(request, action="change_password", user=self.user):
            form = self.get_form(request.POST)
            form.add_error(None, _("There have been too many attempts. Please wait a minute."))
            return self.render_form(form, status=429)
        return super().post(request, **kwargs)

    def perform(self, form: Any) -> HttpResponseBase:
        user = passwords.change_password(
            self.user,
            user=self.user,
            current_password=form.cleaned_data["current_password"],
            new_password=form.cleaned_data["new_password"],
            keep_session=self.request.session.session_key,
        )
        self.keep_signed_in(user)
        messages.success(
            self.request, _("Your password is changed. Your mail programs need the new one from now on, too.")
        )
        return redirect(self.cancel_url())

    def keep_signed_in(self, user: User) -> None:
        """Bind this session, alone of all, to the new password, under a new key."""
        session, old_key = self.request.session, self.request.session.session_key
        update_session_auth_hash(self.request, user)
        sessions.move(user, old_key=old_key, new_key=session.session_key)

    def cancel_url(self) -> str:
        return reverse("accounts:account")


class SessionEnd(ScopedView):
    """Sign out of one session (`pk`) or of all but this one."""

    action = "account.change"

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        if pk is None:
            sessions.end_all(self.user, but=request.session.session_key)
            messages.success(request, _("You are signed out everywhere else."))
        elif sessions.end(self.user, pk=pk):
            messages.success(request, _("That session is signed out."))
        else:
            raise Http404
        return redirect("accounts:account")


class PasswordSuggestion(ScopedView):
    """A good password, as plain text, for the button beside a password field. It is stored nowhere."""

    action = "password.suggest"

    @method_decorator(never_cache)
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(passwords.generate_password(), content_type="text/plain")
