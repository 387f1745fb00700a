"""What can go wrong with mail, in words for the person."""

from roguelink.errors import ServiceError


class MailboxError(ServiceError):
    """A wish about a mailbox that cannot be granted."""


class AliasError(ServiceError):
    """A wish about an alias or an alias domain that cannot be granted."""


class ServerError(ServiceError):
    """A wish about a mail server that cannot be granted."""


class BulkError(ServiceError):
    """A wish about many objects at once that cannot be granted; none of them was changed."""
