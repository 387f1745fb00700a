"""Signing in by e-mail address."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.addresses import to_sign_in_address
from accounts.hashers import DovecotHasher
from accounts.models import User
from accounts.services import passwords


class EmailBackend(BaseBackend):
    """Looks the login up by its address: one index probe however many logins there are.

    A login that does not exist, one that is suspended and a wrong password look the same and take the same
    time. Somebody whose *mailbox* is suspended may sign in: he has to see why his mail does not work.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        email: str | None = None,
        **credentials: Any,
    ) -> User | None:
        """The user whose password this is, if he may sign in. An old hash is replaced on the way."""
        address = email or username
        if not address or not password:
            return None
        user = User.objects.filter(email=to_sign_in_address(address)).first()
        if user is None or not user.is_active:
            DovecotHasher().harden_runtime(password, "")  # the time of a check
            return None
        if not user.check_password(password):
            return None
        passwords.renew_hash(user, password=password)
        return user

    def get_user(self, user_id: int) -> User | None:
        """The user of a session; None, and so nobody, once he is suspended."""
        return User.objects.filter(pk=user_id, is_active=True).first()
