"""What stands around every request: its number, and a plain answer when PostgreSQL or Valkey is away."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

import redis
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from psycopg_pool import PoolTimeout

GetResponse = Callable[[HttpRequest], HttpResponse]
# What psycopg, its pool and redis raise when nobody answers.
AWAY = (OperationalError, InterfaceError, PoolTimeout, redis.ConnectionError, redis.TimeoutError)

logger = logging.getLogger(__name__)
_request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdMiddleware:
    """Gives each request a number: on the page of an error, in every log line, in the history."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        # A proxy may have numbered it already; anything that could forge a log line is not a number.
        request_id = given if re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else uuid.uuid4().hex[:16]
        request.request_id = request_id  # type: ignore[attr-defined]
        token = _request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-ID"] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Adds the number of the present request to a log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs a 404 or 500 when all middleware is behind it, but hands the request along.
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "request_id", "") or _request_id.get()
        return True


class ServiceAwayMiddleware:
    """Says 503, on a page that needs neither, while PostgreSQL or Valkey is away.

    The transaction of the request is gone with its connection, so nothing is half written; the pool makes
    a new connection as soon as there is a server again. This sees what a view raises; what another
    middleware raises Django turns into a 500 before it gets here, so handler500 asks `away_response` too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An exception of the view itself, which Django would turn into a 500."""
        return away_response(request, exception)


def away_response(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The 503 page, and a line in the log, if the error is that a server is away; otherwise None."""
    if not isinstance(error, AWAY) or not _is_absence(error):
        return None
    logger.error("A server is away: %s: %s", type(error).__name__, error)
    context = {"request_id": getattr(request, "request_id", ""), "was_sent": request.method == "POST"}
    return HttpResponse(render_to_string("503.html", context), status=503, headers={"Retry-After": "5"})


def _is_absence(error: BaseException) -> bool:
    """Whether nobody answered, or no room was left.

    A deadlock or a query that took too long is an OperationalError as well, but one of a server that is there.
    Class 08 is a lost connection, 53 no room, 57P a shutdown: PostgreSQL's manual, appendix A.
    """
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "53", "57P"))
