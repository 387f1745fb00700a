"""How django-allauth fits this portal."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import impersonation, passwords


class AccountAdapter(DefaultAccountAdapter):
    """Logins are made by staff and by domain administrators, never by a visitor.

    Allauth's table of e-mail addresses stays empty: a login has one address, `User.email`, and looking it up
    is one index probe.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This address and this password do not open a login. Please check both; if you cannot get in, "
            "your provider's hotline can help."
        ),
        "too_many_login_attempts": _("There have been too many attempts. Please try again in five minutes."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right, or it has been used already. Please enter the newest one."),
        "rate_limited": _("There have been too many attempts. Please wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """There is no public sign-up."""
        return False

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether it is the person's password. Counted like a sign-in; nothing is re-hashed.

        A new hash would end the very session that asks (Django binds sessions to it).
        """
        self.pre_authenticate(self.request, email=user.get_username())
        is_right = user.check_password(password)
        if is_right:
            self._rollback_login_failed_rl_usage()
        return is_right

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """The end of a password reset: the token has proved the person. All his sessions end."""
        assert isinstance(user, User)  # noqa: S101 (for the type checker)
        passwords.reset_password(user, user=user, new_password=password)
        # Whoever has forgotten a password has used up his attempts: let him in with the new one.
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def logout(self, request: HttpRequest) -> None:
        """Sign out; "log in as" ends with it."""
        if (active := getattr(request, "impersonation", None)) is not None:
            impersonation.end(active.staff, record=active.record)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """A suspended login with a right passkey: the same words as for a wrong password."""
        messages.error(request, self.error_messages["email_password_mismatch"])
        return redirect("account_login")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Allauth counts by the name in the Host header too: two names of one portal must not double the attempts.
        address: str = credentials["email"]  # as stored: the form has seen to that
        return address


class MFAAdapter(DefaultMFAAdapter):
    """Second factors. Their secrets are encrypted in the database, so that a backup alone opens nothing."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises InvalidToken when SECRET_KEY was replaced without a fallback."""
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> MultiFernet:
    """Keys made from SECRET_KEY and its fallbacks; the first one encrypts."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor" + force_bytes(secret)).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
