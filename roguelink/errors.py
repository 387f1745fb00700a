"""The errors that speak to a person. Each app names its own, derived from these."""

from collections.abc import Mapping


class ServiceError(Exception):
    """A wish that cannot be granted, in a sentence the person can act on.

    `field` names the form field at which the sentence belongs; None: the whole form.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(ServiceError):
    """The actor may see the object, but not do this to it."""


class StaleObject(ServiceError):
    """Somebody changed the object after the form was opened.

    `current` holds the values as they are now, by field name, so that the page can show both.
    """

    def __init__(self, message: str, *, current: Mapping[str, object]) -> None:
        super().__init__(message)
        self.current = current


class GoneObject(ServiceError):
    """The object was removed after the form was opened."""
