"""Domain names: what people type, what the database and the wire have, and what people read."""

from __future__ import annotations

import re

import idna
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.models.domain import A_LABELS

MAX_LENGTH = 253  # octets of the whole name without the root's dot (RFC 1035 2.3.4)


def to_a_label(typed: str) -> str:
    """The name as A-labels in lower case, from what a person typed (Unicode, upper case, a final dot).

    IDNA 2008 with the mapping of UTS 46. Raises DomainError, at the field `name`, with what is wrong.
    """
    name = typed.strip().rstrip(".")
    if not name:
        raise DomainError(_("Please enter a domain name."), field="name")
    if any(character in name for character in "/:@ \t"):
        raise DomainError(
            _("Only the domain name itself, like example.net: no spaces, no “@”, no “http://”."), field="name"
        )
    try:
        encoded = idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise DomainError(
            _(
                "This is not a domain name. Between its dots, letters, digits and hyphens please, "
                "at most 63 of them, with no hyphen at either end."
            ),
            field="name",
        ) from error
    if len(encoded) > MAX_LENGTH:
        raise DomainError(_("A domain name has at most 253 characters."), field="name")
    if not re.fullmatch(A_LABELS, encoded):
        raise DomainError(_("A domain name has at least two parts, like example.net."), field="name")
    if encoded.rsplit(".", 1)[-1].isdigit():
        raise DomainError(_("This is an IP address, not a domain name."), field="name")
    return encoded


def to_unicode(name: str) -> str:
    """The name as people read it. A name that cannot be decoded is shown as it is stored."""
    if "xn--" not in name:
        return name
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name
