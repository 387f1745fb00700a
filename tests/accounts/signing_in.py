"""What the tests of signing in share: the pages' addresses, and a person at the keyboard."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from accounts.adapters import MFAAdapter
from accounts.models import User
from tests.factories import PASSWORD

OVERVIEW = reverse("accounts:overview")
SIGN_IN = reverse("account_login")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(client: Client, user: User | str, password: str = PASSWORD, **extra: Any) -> Any:
    """Fill in the sign-in form and send it."""
    address = user if isinstance(user, str) else user.email
    return client.post(SIGN_IN, {"login": address, "password": password}, **extra)


def is_signed_in(client: Client, user: User) -> bool:
    """Whether the client's session is this person's."""
    return client.session.get("_auth_user_id") == str(user.pk)


def prove(client: Client, password: str = PASSWORD) -> Any:
    """Give the password once more, as the pages of second factors ask."""
    return client.post(reverse("account_reauthenticate"), {"password": password})


def an_app(user: User) -> Authenticator:
    """An authenticator app that the person has set up."""
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": MFAAdapter().encrypt(SECRET)}
    )


def code_now(secret: str = SECRET) -> str:
    """What the app shows at this moment."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))
