"""The one page of the ground floor."""

from __future__ import annotations

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse


def health(request: HttpRequest) -> HttpResponse:
    """200 when PostgreSQL and Valkey answer; otherwise ServiceAwayMiddleware makes it a 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.get("health")
    return HttpResponse("ok\n", content_type="text/plain")
