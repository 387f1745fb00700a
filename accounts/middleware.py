"""What every request carries: who acts, for whom, from where, and in which time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pghistory
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Impersonation, User
from accounts.services import impersonation, sessions

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class ActiveImpersonation:
    """That staff are acting as somebody else: `request.impersonation`, and what the banner shows."""

    record: Impersonation
    staff: User

    @property
    def user(self) -> User:
        """The person in whose name the pages are shown."""
        return self.record.user

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return self.record.started_at

    @property
    def seconds_left(self) -> int:
        """How long until it ends by itself."""
        ends_at = self.record.started_at + timedelta(seconds=settings.IMPERSONATION_SECONDS)
        return max(0, round((ends_at - timezone.now()).total_seconds()))

    @property
    def minutes_left(self) -> int:
        """The same in minutes, as the banner says it; never 0 while it runs."""
        return -(-self.seconds_left // 60)


class ImpersonationMiddleware:
    """Lets staff act as somebody else. `request.user` is the person, `request.impersonator` the staff.

    The session stays the staff's own: the person's sessions, password and second factors are out of reach,
    and so are the pages that would change them.
    """

    SESSION_KEY = "impersonation"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.impersonation = request.impersonator = None  # type: ignore[attr-defined]
        pk = request.session.get(self.SESSION_KEY)
        if pk is None:
            return self.get_response(request)
        staff = request.user if isinstance(request.user, User) else None
        record = impersonation.running(staff, pk=pk) if staff else None
        if staff is None or record is None:
            return self.over(request)
        record.user.impersonator = staff
        request.user = record.user
        request.impersonator = staff  # type: ignore[attr-defined]
        request.impersonation = ActiveImpersonation(record, staff)  # type: ignore[attr-defined]
        return self.get_response(request)

    def over(self, request: HttpRequest) -> HttpResponseBase:
        """The time is up. What was sent is not done: it was meant in the person's name, not in the staff's."""
        del request.session[self.SESSION_KEY]
        messages.info(request, _("“Log in as” has ended; you are yourself again. Nothing was changed by this click."))
        return _go(request, settings.LOGIN_REDIRECT_URL)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Refuse the pages of signing in and of second factors, apart from signing out."""
        if request.impersonation and is_sign_in_page(request) and not is_sign_out(request):  # type: ignore[attr-defined]
            raise PermissionDenied(_("While you are logged in as somebody, passwords and second factors stay closed."))


class HistoryMiddleware:
    """Tells the history who changes what, in whose name, by which request, from where."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        impersonator = getattr(request, "impersonator", None)
        with pghistory.context(
            user=request.user.pk,
            impersonator=impersonator.pk if impersonator else None,
            request_id=getattr(request, "request_id", None),
            ip=client_ip(request),
        ):
            return self.get_response(request)


class LastSeenMiddleware:
    """Notes when and from where a session was last used, for the list on My account."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.session.session_key
        if key and request.user.is_authenticated and not getattr(request, "impersonation", None):
            agent = request.headers.get("User-Agent", "")
            sessions.mark_seen(session_key=key, ip=client_ip(request), user_agent=agent)
        return self.get_response(request)


class TimeZoneMiddleware:
    """Shows times in the person's own time zone; the ISP's where he has not chosen one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(self.zone(getattr(request.user, "time_zone", ""))):
            return self.get_response(request)

    @staticmethod
    def zone(name: str) -> zoneinfo.ZoneInfo | None:
        """The zone of that name; None, the ISP's, also where the machine has no such zone any more."""
        try:
            return zoneinfo.ZoneInfo(name) if name else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return None


class SecondFactorMiddleware:
    """Levels of settings.SECOND_FACTOR_REQUIRED get no further than setting one up.

    That a person has one is remembered in his session, so it costs a query once and not at every page;
    whatever he does on the pages of second factors makes it be asked again.
    """

    SESSION_KEY = "has_second_factor"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Send the person to the page of second factors, unless he has one, or is on his way to it."""
        if not isinstance(request.user, User) or getattr(request, "impersonation", None):
            return None
        if is_sign_in_page(request):
            if request.method not in SAFE_METHODS:
                request.session.pop(self.SESSION_KEY, None)
            return None
        required = request.user.level.name.lower() in settings.SECOND_FACTOR_REQUIRED
        if not required or self.has_one(request, request.user):
            return None
        messages.warning(request, _("Your login needs a second factor before you can go on. Please set one up."))
        return _go(request, "mfa_index")

    def has_one(self, request: HttpRequest, user: User) -> bool:
        """Whether the person can prove himself by more than the password."""
        if not request.session.get(self.SESSION_KEY):
            kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
            if not is_mfa_enabled(user, kinds):
                return False
            request.session[self.SESSION_KEY] = True
        return True


def client_ip(request: HttpRequest) -> str | None:
    """Where the request comes from: behind settings' proxy what that says. None on a Unix socket."""
    try:
        ip: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return ip


def is_sign_in_page(request: HttpRequest) -> bool:
    """Whether this is a page of accounts.urls_signin: those have no namespace and allauth's names."""
    match = request.resolver_match
    return bool(match and not match.namespace and (match.url_name or "").startswith(("account_", "mfa_")))


def is_sign_out(request: HttpRequest) -> bool:
    """Whether this is the page that signs out."""
    return request.resolver_match is not None and request.resolver_match.url_name == "account_logout"


def _go(request: HttpRequest, to: str) -> HttpResponse:
    """A redirect; for a fragment request one of the whole page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(to)})
    return redirect(to)
