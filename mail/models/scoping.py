"""Who sees an object that belongs to a domain, and perhaps to a person: written once for all of mail."""

from __future__ import annotations

from typing import ClassVar, Generic, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import Domain, Level, User
from accounts.models.domain import administered_domain_ids

M = TypeVar("M", bound=models.Model)


class DomainScopedQuerySet(models.QuerySet[M], Generic[M]):
    """Rows of a domain. `domain_path` leads from the model to its domain's id, `owner_path` to its owner's."""

    domain_path: ClassVar[str] = "domain_id"
    owner_path: ClassVar[str | None] = None

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for staff; for others what lies in their domains, and what is their own."""
        if not user.is_active:
            return self.none()
        if user.level >= Level.STAFF:
            return self.all()
        mine = Q()
        if user.level >= Level.DOMAIN_ADMIN:
            mine |= Q(**{f"{self.domain_path}__in": administered_domain_ids(user)})
        if self.owner_path:
            mine |= Q(**{self.owner_path: user.pk})
        return self.filter(mine) if mine else self.none()

    def of_domain(self, name: str) -> Self:
        """Rows of the domain that is stored under this name; none when there is no such domain.

        It is looked up before the rows are: PostgreSQL then knows that it is one domain, and which.
        """
        ids = list(Domain.objects.filter(name=name).values_list("pk", flat=True))
        return self.filter(**{f"{self.domain_path}__in": ids})
