"""What needs attention today among people, customers and domains. Counts stop at a thousand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.contributions import Attention
from accounts.models import Customer, Domain, Level, User
from accounts.permissions import may
from roguelink.db.keyset import count_up_to

LAST_DAYS = timedelta(days=3)


def attention(user: User) -> Iterable[Attention]:
    """Suspended customers, deleted domains about to go for good, staff without a second factor, one's own recovery."""
    if may(user, "customer.view"):
        yield from _customers(user)
    if may(user, "domain.delete"):
        yield from _domains(user)
    if may(user, "staff.view"):
        yield from _staff(user)
    if user.level < Level.STAFF and not user.recovery_email:
        text = _("You have no recovery address: if you forget your password, only the hotline can help.")
        yield Attention("info", text, reverse("accounts:account-profile"))


def _customers(user: User) -> Iterable[Attention]:
    count = count_up_to(Customer.objects.visible_to(user).filter(status=Customer.Status.SUSPENDED))
    if count:
        text = ngettext("customer is suspended", "customers are suspended", count)
        yield Attention("info", text, f"{reverse('accounts:customer-list')}?status=suspended", count)


def _domains(user: User) -> Iterable[Attention]:
    last_call = timezone.now() - timedelta(days=settings.UNDO_DAYS) + LAST_DAYS
    count = count_up_to(Domain.objects.visible_to(user).filter(deleted_at__lt=last_call))
    if count:
        text = ngettext(
            "deleted domain goes for good within three days", "deleted domains go for good within three days", count
        )
        yield Attention("warning", text, f"{reverse('accounts:domain-list')}?state=deleted", count)


def _staff(user: User) -> Iterable[Attention]:
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    bare = User.objects.visible_to(user).filter(~Exists(factors), is_staff=True, is_active=True)
    if count := count_up_to(bare):
        text = ngettext("person at the desk has no second factor", "people at the desk have no second factor", count)
        yield Attention("warning", text, reverse("accounts:staff-list"), count)
