"""Every new password goes through here, whoever chooses it."""

from __future__ import annotations

import secrets
from urllib.parse import urljoin

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import to_sign_in_address
from accounts.errors import LoginError
from accounts.hashers import DovecotHasher
from accounts.models import User
from accounts.permissions import may_set_password, require
from accounts.services import sessions
from accounts.tokens import ResetTokenGenerator
from roguelink.errors import NotAllowed

# Read out over the telephone: small letters and digits that nobody takes for another (no i, l, o, 0, 1).
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 3, 5  # 31 characters to the 15th: 74 bits


def generate_password() -> str:
    """A password nobody can guess and everybody can read out, like `k7frt-8mzwp-3qxvn`."""
    return "-".join("".join(secrets.choice(READABLE) for _place in range(GROUP_LENGTH)) for _group in range(GROUPS))


@transaction.atomic
def change_password(
    actor: User, *, user: User, current_password: str, new_password: str, keep_session: str | None = None
) -> User:
    """A person's own new password. His other sessions end; `keep_session` is the key of the present one.

    Raises LoginError at `current_password` or `new_password`; NotAllowed for staff logged in as somebody.
    """
    require(actor, "account.change")
    if actor.pk != user.pk:
        raise NotAllowed(_("You can only change your own password here."))
    if not user.check_password(current_password):
        raise LoginError(_("This is not your present password."), field="current_password")
    return _store(user, new_password, keep_session=keep_session)


@transaction.atomic
def set_password(actor: User, *, user: User, new_password: str) -> User:
    """A password chosen for somebody by the hotline or his domain's administrator. All his sessions end."""
    if not may_set_password(actor, user):
        raise NotAllowed(_("You are not allowed to set this person's password."))
    return _store(user, new_password)


@transaction.atomic
def reset_password(actor: User, *, user: User, new_password: str) -> User:
    """The end of a reset by link, which has proved who the person is. All his sessions end."""
    if actor.pk != user.pk:
        raise NotAllowed(_("You can only reset your own password."))
    return _store(user, new_password)


@transaction.atomic
def renew_hash(user: User, *, password: str) -> None:
    """Hash the password, just found right, anew if it was stored by an old scheme or at another cost.

    Not a change of the password: `password_changed_at` stays. Of two at once the first wins, and a password
    set in between is never overwritten.
    """
    hasher, old = DovecotHasher(), user.password
    if not hasher.must_update(old):
        return
    try:
        new = hasher.encode(password)
    except ValueError:
        return  # bcrypt cannot take an old password of more than 72 bytes: it stays as it is
    if User.objects.filter(pk=user.pk, password=old).update(password=new):
        user.password = new
    else:
        user.refresh_from_db(fields=["password"])


def send_reset_link(*, address: str, base_url: str) -> bool:
    """Mail a link to the recovery address of this login. False if there is no such login, or no such address.

    Never to the mailbox itself: it cannot be opened without the password. The caller must not show the answer.
    """
    user = User.objects.filter(email=to_sign_in_address(address), is_active=True).first()
    if user is None or not user.recovery_email:
        return False
    key = {"uidb36": user_pk_to_url_str(user), "key": ResetTokenGenerator().make_token(user)}
    context = {
        "user": user,
        "site_name": settings.SITE_NAME,
        "url": urljoin(base_url, reverse("account_reset_password_from_key", kwargs=key)),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    body = render_to_string("accounts/email/password_reset.txt", context)
    subject = _("Choose a new password for %(address)s") % {"address": user.email}
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.recovery_email])
    return True


def _store(user: User, new_password: str, *, keep_session: str | None = None) -> User:
    try:
        validate_password(new_password, user)
    except ValidationError as error:
        raise LoginError(" ".join(error.messages), field="new_password") from error
    user.set_password(new_password)
    user.password_changed_at = timezone.now()
    User.objects.filter(pk=user.pk).update(password=user.password, password_changed_at=user.password_changed_at)
    sessions.end_all(user, but=keep_session)
    return user
