"""What every request carries: who acts, for whom, and in which time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponse]


class ImpersonationMiddleware:
    """Lets staff look at the portal as somebody else, for a while and with a reason."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class HistoryMiddleware:
    """Tells the history who changes what, in whose name, by which request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        impersonator = getattr(request.user, "impersonator", None)
        with pghistory.context(
            user=request.user.pk,
            impersonator=impersonator.pk if impersonator else None,
            request_id=getattr(request, "request_id", None),
        ):
            return self.get_response(request)


class TimeZoneMiddleware:
    """Shows times in the person's own time zone; the ISP's where he has not chosen one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = getattr(request.user, "time_zone", "")
        with timezone.override(zoneinfo.ZoneInfo(name) if name else None):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Levels that must have a second factor get no further than setting one up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
