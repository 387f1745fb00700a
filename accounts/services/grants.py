"""Giving a domain to a person to administer, and taking it back."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import to_sign_in_address
from accounts.errors import LoginError
from accounts.models import Domain, DomainAdmin, User
from accounts.permissions import require
from accounts.services.passwords import generate_password
from roguelink.db.versions import write_changes
from roguelink.errors import NotAllowed


@transaction.atomic
def grant_domain(actor: User, *, domain: Domain, email: str, **switches: bool) -> tuple[DomainAdmin, str]:
    """Give a domain to the person with this sign-in address, with the switches of DomainAdmin.

    A login that does not exist is made; its generated password is the second value, else that is empty.
    Raises LoginError at `email` for staff, for a disabled login, and for somebody who has the domain already.
    """
    require(actor, "domain.admins", domain)
    address = to_sign_in_address(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise LoginError(_("This is no e-mail address."), field="email") from error
    if domain.is_deleted:
        raise NotAllowed(_("This domain is deleted. Bring it back first."))
    user, password = _login(address)
    if user.is_staff:
        raise LoginError(_("Staff see every domain already."), field="email")
    if not user.is_active:
        raise LoginError(_("This login is disabled."), field="email")
    grant, is_new = DomainAdmin.objects.get_or_create(user=user, domain=domain, defaults=switches)
    if not is_new:
        raise LoginError(_("%(email)s administers this domain already.") % {"email": address}, field="email")
    return grant, password


@transaction.atomic
def change_grant(actor: User, *, grant: DomainAdmin, version: int | None, **switches: bool) -> DomainAdmin:
    """Change what a domain's administrator may do there. Raises StaleObject for a form older than the grant."""
    require(actor, "domain.admins", grant.domain)
    return write_changes(grant, expected=version, changes=switches)


@transaction.atomic
def revoke_grant(actor: User, *, grant: DomainAdmin) -> None:
    """Take a domain back. The login stays; it may have a mailbox or other domains."""
    require(actor, "domain.admins", grant.domain)
    grant.delete()


def _login(address: str) -> tuple[User, str]:
    """The login with this address, and the password of one that had to be made."""
    user = User.objects.filter(email=address).first()
    if user is not None:
        return user, ""
    password = generate_password()
    stored = {"password": make_password(password), "password_changed_at": timezone.now()}
    user, is_new = User.objects.get_or_create(email=address, defaults=stored)
    return user, password if is_new else ""
