"""The second factors of a login, as django-allauth keeps them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from roguelink.db.history import tracked


@tracked(exclude=("data", "last_used_at"))
class SecondFactor(Authenticator):
    """An authenticator app, a security key, recovery codes: ours only so that setting up and removing is recorded.

    `data` holds the secret and is in no history.
    """

    class Meta:
        proxy = True
