"""The one login of a person: staff, domain administrator and mailbox owner alike."""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import hashers
from roguelink.db.history import tracked
from roguelink.db.versions import Versioned

if TYPE_CHECKING:
    from accounts.models.domain import DomainAdmin


class Level(IntEnum):
    """What a person is to the ISP. Each level includes what the lower ones may do with their own."""

    ANONYMOUS = 0
    USER = 1
    DOMAIN_ADMIN = 2
    STAFF = 3
    OWNER = 4


class UserQuerySet(models.QuerySet["User"]):
    """Logins. A person sees himself; staff see everybody."""

    def visible_to(self, user: User | AnonymousUser) -> UserQuerySet:
        """Logins this person may know of; none for the anonymous and the disabled."""
        if not user.is_active:
            return self.none()
        return self.all() if user.level >= Level.STAFF else self.filter(pk=user.pk)

    def staff(self) -> UserQuerySet:
        """The people at the desk, the owner included."""
        return self.filter(is_staff=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """What Django's own commands call (createsuperuser)."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a login; without a password nobody can sign in with it."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create the owner's login."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


@tracked(exclude=("password", "last_login"))
class User(Versioned, AbstractBaseUser):
    """One person, one login, also when that person has a mailbox *and* administers domains.

    `password` is in Dovecot's `{SCHEME}hash` form: the mail server and the portal check one string.
    """

    email = models.CharField(_("sign-in address"), max_length=320, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    password = models.CharField(_("password"), max_length=512)
    password_changed_at = models.DateTimeField(_("password changed"), null=True, blank=True)
    recovery_email = models.EmailField(
        _("recovery address"),
        blank=True,
        help_text=_("Where a link to choose a new password is sent. It must not be the mailbox itself."),
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_superuser = models.BooleanField(_("owner"), default=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    # The staff who act as this person in the present request (accounts.middleware); nobody: he himself.
    impersonator: User | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        indexes = [models.Index(fields=["email"], condition=Q(is_staff=True), name="user_staff")]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=Q(is_superuser=False) | Q(is_staff=True), name="user_owner_is_staff"),
        ]

    def __str__(self) -> str:
        return self.email

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. It writes nothing: an old hash is replaced at sign-in, not here."""
        return hashers.matches(raw_password, self.password)

    @cached_property
    def level(self) -> Level:
        """The highest level this person has."""
        if self.is_superuser:
            return Level.OWNER
        if self.is_staff:
            return Level.STAFF
        return Level.DOMAIN_ADMIN if self.administered else Level.USER

    @cached_property
    def administered(self) -> dict[int, DomainAdmin]:
        """The domains given to this person, by id, with the switches of each. One query."""
        return {grant.domain_id: grant for grant in self.domain_grants.all()}

    @property
    def short_name(self) -> str:
        """What to call the person in a sentence."""
        return self.name or self.email
