"""One wish about many mailboxes or aliases: looked at first, then done to all of them or to none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Domain, User
from accounts.permissions import may
from mail.errors import BulkError
from mail.models import Alias, Mailbox
from mail.services import dead_targets
from mail.services.health import a_circle_among

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_OBJECTS = 10_000  # a wish about more than that is a migration, not a click


@dataclass(frozen=True)
class Verdict:
    """What the wish means for one object: a sentence, and whether it will be changed at all."""

    obj: Mailbox | Alias
    applies: bool
    text: str


@dataclass(frozen=True)
class Wish:
    """A bulk action: the row of the rule table it needs, what it says of an object, and the columns it writes.

    `obstacle(obj, value)` gives the reason why an object is left alone, or an empty string.
    """

    action: str
    effect: Callable[[Any], str]
    obstacle: Callable[[Any, Any], str]
    columns: Callable[[Any], dict[str, Any]]


def preview(actor: User, *, wish: str, objects: Iterable[Mailbox | Alias], value: Any = None) -> list[Verdict]:
    """What would happen to each object. Changes nothing; no query when the objects have their domain."""
    verdicts = []
    for obj in objects:
        plan = WISHES[type(obj)][wish]
        if not may(actor, plan.action, obj):
            reason = _("you may not do this here")
        else:
            reason = plan.obstacle(obj, value)
        verdicts.append(Verdict(obj, not reason, reason or plan.effect(value)))
    return verdicts


@transaction.atomic
def apply(actor: User, *, model: type[Mailbox | Alias], wish: str, ids: Sequence[int], value: Any = None) -> int:
    """Do it to exactly these objects; the number of them.

    Raises BulkError, and changes nothing, when one of them cannot have it or is gone since the preview, or when a
    domain's total would be exceeded. The rows and their domains are locked meanwhile.
    """
    if len(ids) > MAX_OBJECTS:
        raise BulkError(_("At most %(count)s at once, please.") % {"count": f"{MAX_OBJECTS:,}"})
    rows = model.objects.visible_to(actor).filter(pk__in=ids).select_related("domain")
    _lock_domains(rows.values_list("domain_id", flat=True))
    found: list[Any] = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for verdict in preview(actor, wish=wish, objects=found, value=value):
        if not verdict.applies:
            raise BulkError(
                _("Nothing was done, because of %(object)s: %(reason)s.")
                % {"object": verdict.obj, "reason": verdict.text},
                field=wish,
            )
    if len(found) != len(set(ids)):
        raise BulkError(_("Something has changed since the preview. Nothing was done; please look at it again."))
    columns = WISHES[model][wish].columns(value)
    changed = model.objects.filter(pk__in=ids).update(version=F("version") + 1, **columns)
    if model is Mailbox and ("quota_bytes" in columns or columns.get("deleted_at", 1) is None):
        _check_totals({obj.domain_id for obj in found if _takes_more(obj, columns)})
    if columns.get("is_active"):
        _check_circles([obj.address for obj in found])
    if columns.keys() != {"quota_bytes"}:
        dead_targets.look_again([obj.address for obj in found])
    return changed


def _lock_domains(ids: Iterable[int]) -> None:
    """As creating a mailbox does, so that a total is not exceeded by two people at once."""
    list(Domain.objects.filter(pk__in=set(ids)).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _takes_more(mailbox: Mailbox, columns: dict[str, Any]) -> bool:
    """Whether a wish lets a mailbox take more of its domain's space; giving some back is always right."""
    return "quota_bytes" not in columns or mailbox.quota_bytes == 0 or columns["quota_bytes"] > mailbox.quota_bytes


def _check_totals(domain_ids: set[int]) -> None:
    totals = (
        Domain.objects.filter(pk__in=domain_ids, quota_total_bytes__isnull=False, mailboxes__deleted_at=None)
        .annotate(given=Sum("mailboxes__quota_bytes"))
        .filter(given__gt=F("quota_total_bytes"))
    )
    if (domain := totals.first()) is not None:
        raise BulkError(
            _("Together the mailboxes of %(domain)s would be larger than the domain may be. Nothing was changed.")
            % {"domain": domain.name},
            field="quota",
        )


def _check_circles(addresses: Sequence[str]) -> None:
    """An alias that is off may lead where it could not while it is on."""
    if path := a_circle_among(addresses):
        raise BulkError(
            _("Nothing was done, because the mail would go round in a circle: %(path)s.") % {"path": " → ".join(path)}
        )


def _not_deleted(obj: Mailbox | Alias) -> str:
    return _("is deleted") if obj.is_deleted else ""


def _status_obstacle(wanted: str, already: StrOrPromise) -> Callable[[Mailbox, Any], str]:
    def obstacle(mailbox: Mailbox, _value: Any) -> str:
        return _not_deleted(mailbox) or (str(already) if mailbox.status == wanted else "")

    return obstacle


def _quota_obstacle(mailbox: Mailbox, quota_bytes: int | None) -> str:
    largest, total = mailbox.domain.quota_mailbox_bytes, mailbox.domain.quota_total_bytes
    if mailbox.is_deleted or quota_bytes is None:  # None: the preview before a quota was entered
        return _not_deleted(mailbox)
    if mailbox.quota_bytes == quota_bytes:
        return _("has this quota already")
    if quota_bytes == 0 and (largest is not None or total is not None):
        return _("in its domain every mailbox needs a limit")
    if largest is not None and quota_bytes > largest:
        return _("its domain does not allow mailboxes that large")
    return ""


def _active_obstacle(wanted: bool, already: StrOrPromise) -> Callable[[Alias, Any], str]:
    def obstacle(alias: Alias, _value: Any) -> str:
        return _not_deleted(alias) or (str(already) if alias.is_active == wanted else "")

    return obstacle


WISHES: dict[type[Any], dict[str, Wish]] = {
    Mailbox: {
        "activate": Wish(
            "mailbox.suspend",
            lambda _value: _("will work again"),
            _status_obstacle("active", gettext_lazy("is active already")),
            lambda _value: {"status": Mailbox.Status.ACTIVE},
        ),
        "suspend": Wish(
            "mailbox.suspend",
            lambda _value: _("will be suspended"),
            _status_obstacle("suspended", gettext_lazy("is suspended already")),
            lambda _value: {"status": Mailbox.Status.SUSPENDED},
        ),
        "delete": Wish(
            "mailbox.delete",
            lambda _value: _("will be deleted; it can be brought back for 30 days"),
            lambda mailbox, _value: _not_deleted(mailbox),
            lambda _value: {"deleted_at": timezone.now()},
        ),
        "quota": Wish(
            "mailbox.quota",
            lambda _value: _("will get the new quota"),
            _quota_obstacle,
            lambda quota_bytes: {"quota_bytes": quota_bytes},
        ),
    },
    Alias: {
        "activate": Wish(
            "alias.change",
            lambda _value: _("will work again"),
            _active_obstacle(True, gettext_lazy("is active already")),
            lambda _value: {"is_active": True},
        ),
        "deactivate": Wish(
            "alias.change",
            lambda _value: _("will be switched off"),
            _active_obstacle(False, gettext_lazy("is off already")),
            lambda _value: {"is_active": False},
        ),
        "delete": Wish(
            "alias.delete",
            lambda _value: _("will be deleted; it can be brought back for 30 days"),
            lambda alias, _value: _not_deleted(alias),
            lambda _value: {"deleted_at": timezone.now()},
        ),
    },
}
