"""What a person sees when something is not there, not allowed, or broken."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from roguelink.middleware import away_response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something that makes no sense."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person may see it, but not do this."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without today's token, as of a window that was open when one signed in anew in another."""
    sentence = _("This page was open for too long. Please go back, load it again, and send it once more.")
    return render(request, "403.html", {"title": _("This was not done"), "reason": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such thing, or not for this person. Both look the same on purpose."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake. The page needs neither database nor context; its request id is in the log.

    Where it is a server that is away, noticed by a middleware, the answer is the 503 page.
    """
    return away_response(request, sys.exception()) or render(
        None, "500.html", {"request_id": getattr(request, "request_id", "")}, status=500
    )
