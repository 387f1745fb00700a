"""One concept a file; this package hands on the names."""

from accounts.models.customer import Contact, Customer
from accounts.models.domain import Domain, DomainAdmin
from accounts.models.impersonation import Impersonation
from accounts.models.second_factor import SecondFactor
from accounts.models.submission import Submission
from accounts.models.user import Level, User

__all__ = [
    "Contact",
    "Customer",
    "Domain",
    "DomainAdmin",
    "Impersonation",
    "Level",
    "SecondFactor",
    "Submission",
    "User",
]
