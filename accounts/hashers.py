"""Passwords as Dovecot stores them, for Django: the mail server and the portal check the same string.

Django finds the hasher of a stored password by what stands before its first `$`. Ours begin with
`{SCHEME}`, which may hold no `$` at all, so `User.check_password` asks `matches` below and not Django's
function of that purpose. Everything that *makes* a hash (`make_password`, `set_password`) is Django's own
and comes to `DovecotHasher` by settings.PASSWORD_HASHERS.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, is_password_usable
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_noop
from passlib.hash import argon2, bcrypt, sha512_crypt

from accounts import dovecot_schemes

# What settings.PASSWORD_COST may change, scheme by scheme. One hash takes, on one core of 2024 (Xeon 2.7 GHz):
# ARGON2ID 24 ms and 19 MiB (198 ms with 64 MiB and 3 rounds), BLF-CRYPT 68 ms, SHA512-CRYPT 70 ms. Every
# sign-in to the mail server costs it too, and mail programs sign in all day: hence the least that OWASP's
# Password Storage Cheat Sheet recommends for Argon2id and bcrypt, not the most a portal alone could bear.
# Dovecot's own check (libsodium) computes lanes one after the other, so more than one only costs time.
COSTS: dict[str, dict[str, int]] = {
    "ARGON2ID": {"memory_cost": 19 * 1024, "rounds": 2, "parallelism": 1},  # memory in KiB
    "BLF-CRYPT": {"rounds": 10},  # a power of two
    "SHA512-CRYPT": {"rounds": 50_000},
}
_HANDLERS: dict[str, Any] = {
    "ARGON2ID": argon2.using(type="ID"),
    "BLF-CRYPT": bcrypt.using(ident="2y", truncate_error=True),
    "SHA512-CRYPT": sha512_crypt,
}


class DovecotHasher(BasePasswordHasher):
    """Writes settings.PASSWORD_SCHEME at settings.PASSWORD_COST; verifies whatever Dovecot verifies."""

    algorithm = "dovecot"

    def salt(self) -> str:
        """Nothing: each scheme makes its own salt."""
        return ""

    def encode(self, password: str, salt: str = "") -> str:
        """The string to store. Raises ValueError where the scheme cannot take the password."""
        return f"{{{settings.PASSWORD_SCHEME}}}{writing_handler().hash(password)}"

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is the password, compared in constant time; False for a string that is no hash."""
        return dovecot_schemes.verify(password, encoded)

    def must_update(self, encoded: str) -> bool:
        """Whether scheme, encoding or cost differ from what a new password would get."""
        if not encoded.startswith(f"{{{settings.PASSWORD_SCHEME}}}"):
            return True
        try:
            return bool(writing_handler().needs_update(dovecot_schemes.split(encoded)[2]))
        except ValueError:
            return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Spend the time of one hash at today's cost, as for a login that does not exist.

        An old scheme is checked in microseconds: without this a wrong password would be refused so fast
        that the time tells which logins exist.
        """
        self.encode("x")

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """What may be shown of a stored password: its scheme, never a part of it (PLAIN is a scheme)."""
        return {gettext_noop("scheme"): dovecot_schemes.split(encoded)[0]}


def matches(password: str | None, encoded: str) -> bool:
    """Whether `password` is the one stored; as long for "no" as for a login that has no password."""
    hasher = DovecotHasher()
    if password is None or not is_password_usable(encoded):
        hasher.harden_runtime("", encoded)
        return False
    if hasher.verify(password, encoded):
        return True
    if hasher.must_update(encoded):
        hasher.harden_runtime(password, encoded)
    return False


def writing_handler() -> Any:
    """Passlib's handler of the scheme that writes, at the cost that is set. Raises ImproperlyConfigured."""
    scheme = settings.PASSWORD_SCHEME
    if scheme not in COSTS:
        raise ImproperlyConfigured(f"PASSWORD_SCHEME is {scheme!r}; it can be one of {', '.join(COSTS)}.")
    cost = COSTS[scheme] | settings.PASSWORD_COST
    if unknown := cost.keys() - COSTS[scheme].keys():
        raise ImproperlyConfigured(
            f"PASSWORD_COST of {scheme} can set {', '.join(COSTS[scheme])}, not {', '.join(sorted(unknown))}."
        )
    return _HANDLERS[scheme].using(**cost)
