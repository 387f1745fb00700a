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
        record.request_id = _request_id.get()
        return True


class ServiceAwayMiddleware:
    """Says 503, on a page that needs neither, while PostgreSQL or Valkey is away.

    The transaction of the request is gone with its connection, so nothing is half written; the pool makes
    a new connection as soon as there is a server again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except AWAY as error:
            return self.away(request, error)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An exception of the view itself, which Django would turn into a 500."""
        return self.away(request, exception) if isinstance(exception, AWAY) else None

    def away(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """The 503 page, and a line in the log."""
        logger.error("A service is away: %s: %s", type(error).__name__, error)
        context = {"request_id": getattr(request, "request_id", "")}
        return HttpResponse(render_to_string("503.html", context), status=503, headers={"Retry-After": "5"})
