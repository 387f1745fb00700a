"""What the accounts app does in the background."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.services import passwords, submissions


@shared_task(name="accounts.send_password_reset")
def send_password_reset(address: str, base_url: str) -> None:
    """Mail a link for a new password, if this login exists. The link is made here: tasks carry no secrets."""
    passwords.send_reset_link(address=address, base_url=base_url)


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Remove expired sessions, what was remembered about them, and old forms' tokens. Safe to run at any time."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    submissions.forget_old()
    UserSession.objects.exclude(Exists(Session.objects.filter(pk=OuterRef("session_key")))).delete()
