"""The secret in the link by which a person chooses a new password."""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """Good once and for settings.PASSWORD_RESET_TIMEOUT seconds.

    Django's ends with a new password or a sign-in; ours also when the recovery address changes, so that a
    link in the old place is worth nothing.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.recovery_email}"
