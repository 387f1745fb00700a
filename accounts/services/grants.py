"""Giving a domain to a person to administer, and taking it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import to_sign_in_address
from accounts.errors import LoginError
from accounts.models import Domain, DomainAdmin, User
from accounts.permissions import require
from accounts.services.passwords import generate_password


@transaction.atomic
def grant_domain(actor: User, *, domain: Domain, email: str, **switches: bool) -> tuple[DomainAdmin, str]:
    """Give a domain to the person with this sign-in address, with the switches of DomainAdmin.

    A login that does not exist is made; its generated password is the second value, else that is empty.
    Raises LoginError at `email` for staff, for a disabled login, and for somebody who has the domain already.
    """
    require(actor, "domain.admins", domain)
    address = to_sign_in_address(email)
    local_part, _at, host = address.rpartition("@")
    if not local_part or not host:
        raise LoginError(_("This is no e-mail address."), field="email")
    user, password = User.objects.select_for_update().filter(email=address).first(), ""
    if user is None:
        password = generate_password()
        user = User(email=address, password_changed_at=timezone.now())
        user.set_password(password)
        user.save()
    if user.is_staff:
        raise LoginError(_("Staff see every domain already."), field="email")
    if not user.is_active:
        raise LoginError(_("This login is disabled."), field="email")
    grant, is_new = DomainAdmin.objects.get_or_create(user=user, domain=domain, defaults=switches)
    if not is_new:
        raise LoginError(_("%(email)s administers this domain already.") % {"email": address}, field="email")
    return grant, password


@transaction.atomic
def change_grant(actor: User, *, grant: DomainAdmin, **switches: bool) -> DomainAdmin:
    """Change what a domain's administrator may do there."""
    require(actor, "domain.admins", grant.domain)
    DomainAdmin.objects.filter(pk=grant.pk).update(**switches)
    grant.refresh_from_db()
    return grant


@transaction.atomic
def revoke_grant(actor: User, *, grant: DomainAdmin) -> None:
    """Take a domain back. The login stays; it may have a mailbox or other domains."""
    require(actor, "domain.admins", grant.domain)
    grant.delete()
