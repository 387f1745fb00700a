"""What a person says about himself."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.addresses import is_same_mailbox
from accounts.errors import LoginError
from accounts.models import User
from accounts.permissions import require
from roguelink.db.versions import write_changes
from roguelink.errors import NotAllowed


@transaction.atomic
def change_profile(
    actor: User, *, user: User, version: int | None, name: str, recovery_email: str, time_zone: str
) -> User:
    """Change name, recovery address and time zone of one's own login.

    Raises LoginError at `recovery_email` for the mailbox itself: a link sent there could not be opened.
    """
    require(actor, "account.change")
    if actor.pk != user.pk:
        raise NotAllowed(_("You can only change your own account here."))
    recovery_email = recovery_email.strip()
    if recovery_email and is_same_mailbox(recovery_email, user.email):
        raise LoginError(
            _("This is the mailbox you would have lost the password of. Please give another address."),
            field="recovery_email",
        )
    changes = {"name": name.strip(), "recovery_email": recovery_email, "time_zone": time_zone}
    return write_changes(user, expected=version, changes=changes)


def second_factors(user: User) -> set[str]:
    """The kinds this person has: "totp", "webauthn", "recovery_codes"."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
