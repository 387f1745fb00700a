"""Addresses: what may stand before the @ here, and what may be written to elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from accounts.errors import DomainError
from accounts.names import to_a_label
from roguelink.errors import ServiceError

# RFC 5321 4.1.2 dot-string, in lower case. No "+": it begins a plus-address, which leads to the part before it.
# No "%" and "!": Postfix takes them for a route through another machine and refuses the mail.
LOCAL_PART = re.compile(r"[a-z0-9#$&'*/=?^_`{|}~-]+(\.[a-z0-9#$&'*/=?^_`{|}~-]+)*")
MAX_LOCAL_PART = 64  # octets, RFC 5321 4.5.3.1.1
MAX_TARGETS = 500
# RFC 2142: these must reach someone in every domain. Where nobody has them, `mta.reserved` says who gets their mail.
ALWAYS_REACHED = ("postmaster", "abuse")


class AddressError(ServiceError):
    """Something that is no address, or none that we can have."""


def check_local_part(typed: str, *, field: str = "local_part") -> str:
    """The part before the @ of an address of ours, in lower case. Raises AddressError."""
    local_part = typed.strip().lower()
    if not local_part:
        raise AddressError(_("Please enter the part before the @."), field=field)
    if "@" in local_part:
        raise AddressError(_("Only the part before the @, please; the domain is chosen beside it."), field=field)
    if "+" in local_part:
        raise AddressError(
            _("No “+” in an address: mail to name+anything@… reaches name@… by itself, so there is no need."),
            field=field,
        )
    if local_part.startswith("-"):
        raise AddressError(_("No hyphen at the beginning: mail servers refuse such addresses."), field=field)
    if len(local_part) > MAX_LOCAL_PART:
        raise AddressError(_("At most 64 characters before the @."), field=field)
    if not LOCAL_PART.fullmatch(local_part):
        raise AddressError(
            _("Letters a–z, digits and . - _ please; no spaces or accents, no dot at either end."), field=field
        )
    return local_part


def check_target(typed: str, *, field: str = "targets") -> str:
    """An address that mail can be sent on to, ours or not, with its domain as A-labels. Raises AddressError.

    Lower case throughout: no provider tells letters before the @ apart, though RFC 5321 2.4 would let him.
    """
    address = typed.strip().lower()
    local_part, at, domain = address.rpartition("@")
    said = {"typed": typed}
    try:
        if not at:
            raise AddressError(_("“%(typed)s” is no address: there is no @ in it.") % said, field=field)
        normal = f"{local_part}@{to_a_label(domain)}"
        if normal.startswith("-"):
            raise AddressError(_("“%(typed)s”: mail servers refuse a hyphen at the beginning.") % said, field=field)
        validate_email(
            normal,
            check_deliverability=False,
            strict=True,  # at most 64 octets before the @
            allow_smtputf8=False,
            allow_domain_literal=False,
            test_environment=True,  # .test is what demonstrations and tests write to
        )
    except DomainError as error:
        raise AddressError(_("“%(typed)s”: %(reason)s") % (said | {"reason": error.message}), field=field) from error
    except EmailNotValidError as error:
        raise AddressError(_("“%(typed)s”: %(reason)s") % (said | {"reason": str(error)}), field=field) from error
    return normal


def check_targets(typed: Iterable[str], *, field: str = "targets") -> list[str]:
    """Addresses in the order given, each once. Raises AddressError for the first that is none."""
    targets = list(dict.fromkeys(check_target(one, field=field) for one in typed if one.strip()))
    if len(targets) > MAX_TARGETS:
        raise AddressError(
            _("At most %(count)s addresses; for more, a mailing list is the right thing.") % {"count": MAX_TARGETS},
            field=field,
        )
    return targets


def split_targets(text: str) -> list[str]:
    """What stands in a text field: addresses on lines, or with commas, semicolons or spaces between them."""
    return [one for one in re.split(r"[\s,;]+", text) if one]


def without_tag(address: str) -> str:
    """The address that `name+anything@` reaches: `name@`."""
    local_part, at, domain = address.rpartition("@")
    return f"{local_part.split('+', 1)[0]}{at}{domain}"


def domain_of(address: str) -> str:
    """What stands behind the last @."""
    return address.rpartition("@")[2]
