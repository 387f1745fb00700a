"""What `manage.py check` says about settings of this app, before anybody meets it at sign-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from accounts.hashers import writing_handler
from accounts.models import Level

LEVELS = {level.name.lower() for level in Level} - {"anonymous"}


def password_scheme(**_kwargs: Any) -> list[CheckMessage]:
    """PASSWORD_SCHEME and PASSWORD_COST must fit each other, and what passlib can do."""
    try:
        writing_handler()
    except (ImproperlyConfigured, ValueError) as error:
        return [Error(str(error), id="accounts.E001")]
    return []


def second_factor_levels(**_kwargs: Any) -> list[CheckMessage]:
    """A level that is misspelt would be a level that needs no second factor."""
    unknown = sorted(set(settings.SECOND_FACTOR_REQUIRED) - LEVELS)
    if not unknown:
        return []
    known = ", ".join(sorted(LEVELS))
    return [Error(f"SECOND_FACTOR_REQUIRED can name {known}, not {', '.join(unknown)}.", id="accounts.E002")]
