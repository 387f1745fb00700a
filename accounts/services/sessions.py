"""Where a person is signed in, and ending that."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User

SEEN_EVERY = timedelta(minutes=5)


def open_sessions(user: User) -> list[UserSession]:
    """The sessions in which this person is signed in now, the latest first. Two queries."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))
    alive = set(
        Session.objects.filter(pk__in=[row.session_key for row in rows], expire_date__gt=timezone.now()).values_list(
            "pk", flat=True
        )
    )
    return [row for row in rows if row.session_key in alive]


def mark_seen(*, session_key: str, ip: str | None, user_agent: str) -> None:
    """Note that a session is in use, every five minutes and not at every page: one statement, mostly no write."""
    now = timezone.now()
    seen = {"last_seen_at": now, "user_agent": user_agent[:200]} | ({"ip": ip} if ip else {})
    UserSession.objects.filter(session_key=session_key, last_seen_at__lt=now - SEEN_EVERY).update(**seen)


@transaction.atomic
def move(actor: User, *, old_key: str | None, new_key: str | None) -> None:
    """The session has been given another key (at a new password): it is still the same one."""
    UserSession.objects.filter(user=actor, session_key=old_key).update(session_key=new_key)


@transaction.atomic
def end(actor: User, *, pk: int) -> bool:
    """Sign one of the person's own sessions out. False if he has no such session."""
    return _end(UserSession.objects.filter(user=actor, pk=pk)) > 0


@transaction.atomic
def end_all(actor: User, *, but: str | None = None) -> None:
    """Sign the person out everywhere, but not in the session with the key `but`."""
    _end(UserSession.objects.filter(user=actor).exclude(session_key=but))


def _end(rows: QuerySet[UserSession]) -> int:
    Session.objects.filter(pk__in=rows.values("session_key")).delete()
    return rows.delete()[0]
