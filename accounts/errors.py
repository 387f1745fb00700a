"""What can go wrong with people, customers and domains, in words for the person."""

from roguelink.errors import ServiceError


class CustomerError(ServiceError):
    """A wish about a customer that cannot be granted."""


class DomainError(ServiceError):
    """A wish about a domain that cannot be granted."""


class LoginError(ServiceError):
    """A wish about a login that cannot be granted."""
