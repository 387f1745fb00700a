"""What a password must be, beyond Django's own validators."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.dovecot_schemes import BCRYPT_MAX_BYTES

if TYPE_CHECKING:
    from accounts.models import User


class PasswordBytesValidator:
    """Refuses what a mail program could not send, or the scheme would cut off.

    The limit counts bytes in UTF-8, as the mail server does. bcrypt looks at no more than 72, so that
    whatever follows would not protect; for the others 256 is what every mail program carries.
    """

    USUAL_MAX_BYTES = 256

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError with a sentence, or return."""
        if any(unicodedata.category(character) == "Cc" for character in password):
            raise ValidationError(
                _("The password has a line break, a tab or another character that cannot be typed."),
                code="password_control_character",
            )
        limit, size = self.limit, len(password.encode())
        if size > limit:
            raise ValidationError(
                _("The password is too long: at most %(limit)s bytes (it has %(size)s).")
                % {"limit": limit, "size": size},
                code="password_too_many_bytes",
            )

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("Your password can have at most %(limit)s bytes.") % {"limit": self.limit}

    @property
    def limit(self) -> int:
        """How many bytes of UTF-8 a new password may have."""
        scheme = settings.PASSWORD_SCHEME
        return BCRYPT_MAX_BYTES if scheme == "BLF-CRYPT" else self.USUAL_MAX_BYTES
