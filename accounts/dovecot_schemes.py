"""Checking a password against a string in Dovecot's `{SCHEME}hash` form, as Dovecot itself would.

The schemes are those that Dovecot 2.3 documents ("Password Schemes") and that PostfixAdmin's HASHING.md
lists, Courier's `{MD5}` and `{MD5RAW}` among them. A string without a prefix is what PHP's and C's crypt()
give: Dovecot reads it with `default_pass_scheme = CRYPT`. Of crypt()'s own forms all but yescrypt are known.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

from passlib.context import CryptContext
from passlib.hash import argon2

# Dovecot cuts what bcrypt cannot take, and so must we, or mail would work and the portal would not.
BCRYPT_MAX_BYTES = 72
# More is no password but an attempt to keep us busy; passlib refuses it as well.
MAX_BYTES = 4096

CRYPT_SCHEMES = {"CRYPT", "BLF-CRYPT", "SHA512-CRYPT", "SHA256-CRYPT", "SHA1-CRYPT", "MD5-CRYPT", "DES-CRYPT"}
ARGON_SCHEMES = {"ARGON2I", "ARGON2ID"}
PLAIN_SCHEMES = {"PLAIN", "CLEARTEXT", "CLEAR"}
DIGEST_SCHEMES = {
    "SHA": "sha1",
    "SHA1": "sha1",
    "SHA256": "sha256",
    "SHA512": "sha512",
    "PLAIN-MD5": "md5",
    "LDAP-MD5": "md5",
    "MD5": "md5",
    "MD5RAW": "md5",
}
SALTED_SCHEMES = {"SMD5": "md5", "SSHA": "sha1", "SSHA256": "sha256", "SSHA512": "sha512"}
ENCODINGS = {"HEX": "HEX", "B64": "BASE64", "BASE64": "BASE64"}

_crypt = CryptContext(
    schemes=[
        "sha512_crypt",
        "sha256_crypt",
        "bcrypt",
        "md5_crypt",
        "sha1_crypt",
        "sun_md5_crypt",
        "bsdi_crypt",
        "des_crypt",
    ]
)


def split(stored: str) -> tuple[str, str, str]:
    """Take `{SCHEME.ENCODING}rest` apart: scheme, encoding (HEX, BASE64 or none), rest.

    A bare string is CRYPT, but a bare Argon2 hash keeps its name, so that it can be checked and re-hashed.
    """
    if not stored.startswith("{"):
        return ("ARGON2ID" if stored.startswith("$argon2") else "CRYPT"), "", stored
    prefix, _brace, rest = stored[1:].partition("}")
    scheme, _dot, encoding = prefix.upper().partition(".")
    if scheme == "MD5" and rest.startswith("$1$"):
        scheme = "MD5-CRYPT"
    return scheme, ENCODINGS.get(encoding, encoding), rest


def verify(password: str, stored: str) -> bool:
    """Whether `password` is the one behind `stored`. False for anything that is not a hash we know."""
    try:
        secret = password.encode()
        if not secret or len(secret) > MAX_BYTES:
            return False
        scheme, encoding, rest = split(stored)
        check = _CHECKS.get(scheme)
        return check is not None and check(secret, scheme, encoding, rest)
    except (ValueError, TypeError, OverflowError):
        # passlib, bcrypt and the decoders say by these that the stored string is malformed.
        return False


def _decode(rest: str, encoding: str) -> bytes:
    """The raw bytes of a string whose encoding is named; without a name it is the bytes."""
    if encoding == "HEX":
        return bytes.fromhex(rest)
    if encoding == "BASE64":
        return base64.b64decode(rest, validate=True)
    if encoding:
        raise ValueError(encoding)
    return rest.encode()


def _check_crypt(secret: bytes, _scheme: str, encoding: str, rest: str) -> bool:
    stored = _decode(rest, encoding).decode("ascii")
    if stored.startswith("$2"):
        secret = secret[:BCRYPT_MAX_BYTES]
    return bool(_crypt.verify(secret, stored))


def _check_argon2(secret: bytes, _scheme: str, encoding: str, rest: str) -> bool:
    return bool(argon2.verify(secret, _decode(rest, encoding).decode("ascii")))


def _check_plain(secret: bytes, _scheme: str, encoding: str, rest: str) -> bool:
    return hmac.compare_digest(secret, _decode(rest, encoding))


def _check_digest(secret: bytes, scheme: str, encoding: str, rest: str) -> bool:
    digest = hashlib.new(DIGEST_SCHEMES[scheme], secret, usedforsecurity=False).digest()
    # Where no encoding is named Dovecot goes by the length, since both are in use.
    encoding = encoding or ("HEX" if len(rest) == 2 * len(digest) else "BASE64")
    return hmac.compare_digest(digest, _decode(rest, encoding))


def _check_salted(secret: bytes, scheme: str, encoding: str, rest: str) -> bool:
    name = SALTED_SCHEMES[scheme]
    raw = _decode(rest, encoding or "BASE64")
    size = hashlib.new(name, usedforsecurity=False).digest_size
    digest, salt = raw[:size], raw[size:]
    return hmac.compare_digest(hashlib.new(name, secret + salt, usedforsecurity=False).digest(), digest)


_Check = Callable[[bytes, str, str, str], bool]
_CHECKS: dict[str, _Check] = {
    **dict.fromkeys(CRYPT_SCHEMES, _check_crypt),
    **dict.fromkeys(ARGON_SCHEMES, _check_argon2),
    **dict.fromkeys(PLAIN_SCHEMES, _check_plain),
    **dict.fromkeys(DIGEST_SCHEMES, _check_digest),
    **dict.fromkeys(SALTED_SCHEMES, _check_salted),
}
