"""The logins of the people at the desk. Only the owner changes them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import to_sign_in_address
from accounts.errors import LoginError
from accounts.models import User
from accounts.permissions import require
from accounts.services import sessions
from accounts.services.passwords import generate_password, set_password
from roguelink.db.versions import write_changes
from roguelink.errors import NotAllowed


@transaction.atomic
def create_staff(actor: User, *, email: str, name: str = "", is_superuser: bool = False) -> tuple[User, str]:
    """Make a staff login; the second value is its generated password. Raises LoginError for an address in use."""
    require(actor, "staff.change")
    address, password = to_sign_in_address(email), generate_password()
    user = User(email=address, name=name, is_staff=True, is_superuser=is_superuser, password_changed_at=timezone.now())
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise LoginError(_("%(email)s is a sign-in address already.") % {"email": address}, field="email") from error
    return user, password


@transaction.atomic
def change_staff(
    actor: User, *, user: User, version: int | None, name: str, is_superuser: bool, is_active: bool
) -> User:
    """Change name, rank, or whether the login works. There is always an owner who can sign in.

    Raises LoginError at `is_active` or `is_superuser` when it would be the last one; StaleObject for an older form.
    """
    require(actor, "staff.change", user)
    _must_be_staff(user)
    owners = list(User.objects.filter(is_superuser=True, is_active=True).select_for_update().order_by("pk"))
    if actor not in owners:
        raise NotAllowed(_("You are no longer an owner."))
    if user in owners and not (is_superuser and is_active) and len(owners) == 1:
        field = "is_active" if not is_active else "is_superuser"
        raise LoginError(_("This is the only owner; without one nobody could change this again."), field=field)
    changes = {"name": name, "is_superuser": is_superuser, "is_active": is_active}
    write_changes(user, expected=version, changes=changes)
    if not is_active:
        sessions.end_all(user)
    return user


@transaction.atomic
def renew_staff_password(actor: User, *, user: User) -> str:
    """A generated password for somebody else at the desk, who is signed out everywhere."""
    require(actor, "staff.change", user)
    _must_be_staff(user)
    _must_be_somebody_else(actor, user)
    password = generate_password()
    set_password(actor, user=user, new_password=password)
    return password


@transaction.atomic
def remove_second_factors(actor: User, *, user: User) -> int:
    """For somebody who has lost his telephone: all second factors go, and he is signed out everywhere."""
    require(actor, "staff.change", user)
    _must_be_staff(user)
    _must_be_somebody_else(actor, user)
    count: int = Authenticator.objects.filter(user=user).delete()[0]
    sessions.end_all(user)
    return count


def _must_be_staff(user: User) -> None:
    if not user.is_staff:
        raise NotAllowed(_("This is not a staff login."))


def _must_be_somebody_else(actor: User, user: User) -> None:
    """One's own password and second factors change where both are asked for: an open session is not enough."""
    if actor.pk == user.pk:
        raise NotAllowed(_("This is your own login: change it under “My account”."))
