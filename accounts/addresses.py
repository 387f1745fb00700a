"""The address a person signs in with, in the one form in which it is stored."""

from __future__ import annotations

import idna


def to_sign_in_address(typed: str) -> str:
    """Lower case, the domain as A-labels, no spaces around: the key of `User.email`.

    What is no address comes back in lower case as it was: looking it up finds nobody, and that is all the
    person should learn.
    """
    local_part, at, domain = typed.strip().lower().rpartition("@")
    try:
        return f"{local_part}{at}{idna.encode(domain, uts46=True).decode('ascii')}"
    except (idna.IDNAError, UnicodeError):
        return f"{local_part}{at}{domain}"


def is_same_mailbox(address: str, other: str) -> bool:
    """Whether mail to both arrives in one place, plus-addressing (`name+anything@`) left aside."""
    return _without_tag(to_sign_in_address(address)) == _without_tag(to_sign_in_address(other))


def _without_tag(address: str) -> str:
    local_part, at, domain = address.rpartition("@")
    return f"{local_part.split('+', 1)[0] or local_part}{at}{domain}"
