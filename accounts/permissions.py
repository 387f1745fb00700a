"""Who may do what: one table, and the only place that decides.

Views, services, exports and commands ask `may` or `require`; templates hide what it refuses. What a
person may *see* is decided by each model's `visible_to`; this table says what he may *do* with it.
docs/permissions.md is written from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import Level, User
from roguelink.errors import NotAllowed

NEVER = None


class Grant(StrEnum):
    """What a domain administrator needs for an action, apart from the domain being his."""

    ADMINISTERS = "administers"
    MANAGE_MAILBOXES = "manage_mailboxes"
    MANAGE_ALIASES = "manage_aliases"
    RESET_PASSWORDS = "reset_passwords"
    SET_QUOTAS = "set_quotas"


@dataclass(frozen=True)
class Rule:
    """One row: the level from which everybody may, and what lower levels may with their own.

    `everywhere`: from this level on, for any object (OWNER: only the owner).
    `domain_admin`: the grant with which a domain administrator may, in his domains.
    `own`: whether a person may, with what is his (his mailbox, his login).
    `impersonated`: whether it is also allowed while staff are logged in as somebody else.
    """

    everywhere: Level = Level.STAFF
    domain_admin: Grant | None = NEVER
    own: bool = False
    impersonated: bool = True


RULES: dict[str, Rule] = {
    "overview.view": Rule(everywhere=Level.USER),
    "search": Rule(everywhere=Level.USER),
    "log.view": Rule(everywhere=Level.DOMAIN_ADMIN),
    "log.undo": Rule(),
    "account.view": Rule(everywhere=Level.USER),
    "account.change": Rule(everywhere=Level.USER, impersonated=False),
    "password.suggest": Rule(everywhere=Level.USER),
    "customer.view": Rule(),
    "customer.create": Rule(),
    "customer.change": Rule(),
    "customer.suspend": Rule(),
    "customer.close": Rule(),
    "domain.view": Rule(domain_admin=Grant.ADMINISTERS),
    "domain.create": Rule(),
    "domain.change": Rule(),
    "domain.suspend": Rule(),
    "domain.delete": Rule(),
    "domain.admins": Rule(),
    "staff.view": Rule(everywhere=Level.OWNER),
    "staff.change": Rule(everywhere=Level.OWNER, impersonated=False),
    "user.impersonate": Rule(impersonated=False),
    "mailbox.view": Rule(domain_admin=Grant.ADMINISTERS, own=True),
    "mailbox.create": Rule(domain_admin=Grant.MANAGE_MAILBOXES),
    "mailbox.change": Rule(domain_admin=Grant.MANAGE_MAILBOXES),
    "mailbox.quota": Rule(domain_admin=Grant.SET_QUOTAS),
    "mailbox.forward": Rule(domain_admin=Grant.MANAGE_MAILBOXES, own=True),
    "mailbox.suspend": Rule(domain_admin=Grant.MANAGE_MAILBOXES),
    "mailbox.delete": Rule(domain_admin=Grant.MANAGE_MAILBOXES),
    "mailbox.server": Rule(),
    "mailbox.password": Rule(domain_admin=Grant.RESET_PASSWORDS, impersonated=False),
    "mailbox.import": Rule(domain_admin=Grant.MANAGE_MAILBOXES),
    "alias.view": Rule(domain_admin=Grant.ADMINISTERS),
    "alias.create": Rule(domain_admin=Grant.MANAGE_ALIASES),
    "alias.change": Rule(domain_admin=Grant.MANAGE_ALIASES),
    "alias.delete": Rule(domain_admin=Grant.MANAGE_ALIASES),
    "alias.import": Rule(domain_admin=Grant.MANAGE_ALIASES),
    "aliasdomain.view": Rule(domain_admin=Grant.ADMINISTERS),
    "aliasdomain.change": Rule(),
    "server.view": Rule(),
    "server.change": Rule(everywhere=Level.OWNER),
}


def may(user: User | AnonymousUser, action: str, obj: Any = None) -> bool:
    """Whether this person may do `action`, to `obj` where it is about one.

    Without an object the answer is whether there is anything he could do it to: what a menu asks.
    An unknown action is a KeyError: a typing mistake must not read as "no".
    """
    rule = RULES[action]
    if not isinstance(user, User) or not user.is_active:
        return False
    if not rule.impersonated and getattr(user, "impersonator", None) is not None:
        return False
    return (
        user.level >= rule.everywhere
        or (rule.domain_admin is not NEVER and _administers(user, rule.domain_admin, obj))
        or (rule.own and _owns(user, obj))
    )


def require(user: User | AnonymousUser, action: str, obj: Any = None) -> None:
    """Raise NotAllowed, with a sentence, unless this person may."""
    if not may(user, action, obj):
        raise NotAllowed(_("You are not allowed to do this. Please ask your provider's hotline."))


def may_set_password(actor: User, user: User) -> bool:
    """Whether `actor` may choose a new password for somebody else's login.

    Staff for everybody but staff; the owner for staff too. A domain administrator only for the owner of a
    mailbox he may reset, and never for a login that can do more than his own: staff, or an administrator
    of a domain that is not his, or with a switch that he has not. Otherwise setting a password would be a way up.
    """
    if getattr(actor, "impersonator", None) is not None or not actor.is_active:
        return False
    if user.is_staff:
        return actor.level >= Level.OWNER
    if actor.level >= Level.STAFF:
        return True
    mailbox = getattr(user, "mailbox", None)
    return mailbox is not None and may(actor, "mailbox.password", mailbox) and _has_all_grants_of(actor, user)


def may_impersonate(actor: User, user: User) -> bool:
    """Whether `actor` may log in as `user`: staff, as somebody who is not; and not twice over."""
    return may(actor, "user.impersonate") and user.is_active and not user.is_staff


def _administers(user: User, grant: Grant, obj: Any) -> bool:
    if obj is None:
        return any(_has(admin, grant) for admin in user.administered.values())
    admin = user.administered.get(obj.domain_id)
    return admin is not None and _has(admin, grant)


def _has_all_grants_of(actor: User, user: User) -> bool:
    for domain_id, theirs in user.administered.items():
        mine = actor.administered.get(domain_id)
        if mine is None or any(_has(theirs, grant) and not _has(mine, grant) for grant in Grant):
            return False
    return True


def _has(admin: Any, grant: Grant) -> bool:
    return grant is Grant.ADMINISTERS or bool(getattr(admin, grant.value))


def _owns(user: User, obj: Any) -> bool:
    return obj is None or getattr(obj, "user_id", None) == user.pk
