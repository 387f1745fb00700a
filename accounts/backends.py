"""Signing in by e-mail address."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import User


class EmailBackend(ModelBackend):
    """Looks the login up by its address, in lower case: one index probe however many logins there are."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        """The user whose password this is, if he may sign in."""
        address = username or credentials.get("email")
        if not address or password is None:
            return None
        user = User.objects.filter(email=address.strip().lower()).first()
        if user is None:
            User().set_password(password)  # the same work as for a known address
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
