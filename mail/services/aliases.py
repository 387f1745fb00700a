"""Every change of an alias or an alias domain goes through here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Domain, User
from accounts.permissions import require
from mail.addresses import check_local_part, check_targets, without_tag
from mail.errors import AliasError
from mail.models import Alias, AliasDomain, AliasTarget
from mail.services import dead_targets, limits
from mail.services.forwards import must_stay_inside
from mail.services.health import leads_back, troubles_of
from roguelink.db.versions import write_changes
from roguelink.errors import NotAllowed, StaleObject

YEARS = range(2000, 2200)  # in which an alias may end


@transaction.atomic
def create_alias(
    actor: User,
    *,
    domain: Domain,
    local_part: str,
    targets: Sequence[str],
    catch_all: bool = False,
    is_active: bool = True,
    expires_at: datetime | None = None,
    note: str = "",
) -> Alias:
    """Make an alias; with `catch_all` the domain's catch-all, which has no local part.

    Raises AliasError or AddressError with the reason at its field, NotAllowed.
    """
    domain = limits.lock_domain(domain)
    require(actor, "alias.create", domain)
    limits.must_take_new(domain, AliasError)
    limits.must_fit(Alias, note, AliasError, field="note")
    expires_at = _checked_end(expires_at)
    if catch_all:
        _must_allow_catch_all(domain)
        if local_part.strip():
            raise AliasError(_("A catch-all has nothing before the @: leave this empty."), field="local_part")
    local_part = "" if catch_all else check_local_part(local_part)
    address = f"{local_part}@{domain.name}"
    limits.must_be_free(address, AliasError)
    limits.must_have_room_for_alias(domain)
    wanted = _checked(domain, address, targets)
    try:
        with transaction.atomic():
            alias = Alias.objects.create(
                domain=domain,
                local_part=local_part,
                address=address,
                is_active=is_active,
                expires_at=expires_at,
                note=note,
            )
    except IntegrityError as error:
        raise AliasError(_("%(address)s is taken.") % {"address": address}, field="local_part") from error
    _set_targets(alias, wanted)
    dead_targets.look_again([address])
    return alias


@transaction.atomic
def change_alias(
    actor: User,
    *,
    alias: Alias,
    version: int | None,
    targets: Sequence[str],
    is_active: bool,
    expires_at: datetime | None,
    note: str,
) -> Alias:
    """Change where an alias leads, and whether and until when. Raises StaleObject for an older form."""
    require(actor, "alias.change", alias)
    _must_be_there(alias)
    limits.must_fit(Alias, note, AliasError, field="note")
    expires_at = _checked_end(expires_at)
    wanted = _checked(alias.domain, alias.address, targets)
    present = list(alias.targets.values_list("target", flat=True))
    changes = {"is_active": is_active, "expires_at": expires_at, "note": note}
    try:
        write_changes(alias, expected=version, changes=changes)
    except StaleObject as error:
        raise StaleObject(error.message, current={"targets": present, **error.current}) from error
    _set_targets(alias, wanted)
    dead_targets.look_again([alias.address])
    return alias


@transaction.atomic
def delete_alias(actor: User, *, alias: Alias) -> Alias:
    """Put up a tombstone: it leads nowhere any more, and for settings.UNDO_DAYS it can be brought back."""
    _lock(alias)
    require(actor, "alias.delete", alias)
    _must_be_there(alias)
    write_changes(alias, expected=None, changes={"deleted_at": timezone.now()})
    dead_targets.look_again([alias.address])
    return alias


@transaction.atomic
def restore_alias(actor: User, *, alias: Alias) -> Alias:
    """Bring a deleted alias back as it was, if the domain still has room for it and allows what it does."""
    domain = limits.lock_domain(alias.domain)
    _lock(alias)
    require(actor, "alias.delete", alias)
    if alias.deleted_at is None:
        return alias
    limits.must_take_mail(domain, AliasError)
    limits.must_have_room_for_alias(domain)
    if alias.is_catch_all:
        _must_allow_catch_all(domain)
    must_stay_inside(domain, list(alias.targets.values_list("target", flat=True)), AliasError)
    write_changes(alias, expected=None, changes={"deleted_at": None})
    _must_not_lead_back(alias)
    dead_targets.look_again([alias.address])
    return alias


@transaction.atomic
def purge_alias(actor: User, *, alias: Alias) -> None:
    """Delete a tombstone for good, so that its address is free at once. Nothing but its targets is lost."""
    _lock(alias)
    require(actor, "alias.delete", alias)
    if alias.deleted_at is None:
        raise AliasError(_("This alias is not deleted. Delete it first."))
    alias.delete()


@transaction.atomic
def create_alias_domain(actor: User, *, domain: Domain, target: Domain, is_active: bool = True) -> AliasDomain:
    """Let a domain stand for another: `x@domain` is `x@target`. No chains: the target stands for nothing itself."""
    require(actor, "aliasdomain.change", domain)
    for locked in sorted((domain, target), key=lambda one: one.pk):  # always in one order: no deadlock
        limits.must_take_new(limits.lock_domain(locked), AliasError)
    if domain == target:
        raise AliasError(_("A domain cannot stand for itself."), field="target")
    if AliasDomain.objects.filter(domain=domain).exists():
        raise AliasError(_("%(domain)s stands for another domain already.") % {"domain": domain}, field="domain")
    if AliasDomain.objects.filter(domain=target).exists():
        raise AliasError(
            _("%(domain)s itself only stands for another; choose that one.") % {"domain": target}, field="target"
        )
    if AliasDomain.objects.filter(target=domain).exists():
        raise AliasError(
            _("Other domains stand for %(domain)s, so it cannot stand for another.") % {"domain": domain},
            field="domain",
        )
    return AliasDomain.objects.create(domain=domain, target=target, is_active=is_active)


@transaction.atomic
def change_alias_domain(actor: User, *, alias_domain: AliasDomain, version: int | None, is_active: bool) -> AliasDomain:
    """Switch an alias domain on or off."""
    require(actor, "aliasdomain.change", alias_domain)
    return write_changes(alias_domain, expected=version, changes={"is_active": is_active})


@transaction.atomic
def delete_alias_domain(actor: User, *, alias_domain: AliasDomain) -> None:
    """Let the domain be itself again. The history keeps what it stood for."""
    require(actor, "aliasdomain.change", alias_domain)
    alias_domain.delete()


def _checked(domain: Domain, address: str, targets: Sequence[str]) -> list[str]:
    """The targets as addresses, none of them the alias itself, none outside where that is not allowed."""
    wanted = check_targets(targets)
    if not wanted:
        raise AliasError(_("Please enter at least one address to which it leads."), field="targets")
    if address in map(without_tag, wanted):
        raise AliasError(_("An alias cannot lead to itself."), field="targets")
    must_stay_inside(domain, wanted, AliasError)
    return wanted


def _checked_end(expires_at: datetime | None) -> datetime | None:
    """The moment in UTC, in a year that means one.

    PostgreSQL keeps the end of 9999 in Oregon as 10000 in UTC, which Python then cannot read: no list with it would.
    """
    if expires_at is None:
        return None
    if expires_at.year not in YEARS:
        raise AliasError(
            _("Please enter a year from %(first)s to %(last)s; for good, leave it empty.")
            % {"first": YEARS[0], "last": YEARS[-1]},
            field="expires_at",
        )
    return expires_at.astimezone(UTC)


def _set_targets(alias: Alias, wanted: Sequence[str]) -> None:
    present = set(alias.targets.values_list("target", flat=True))
    alias.targets.exclude(target__in=wanted).delete()
    dead = troubles_of(wanted)
    AliasTarget.objects.bulk_create(
        AliasTarget(alias=alias, target=target, is_dead=target in dead) for target in wanted if target not in present
    )
    _must_not_lead_back(alias)


def _must_not_lead_back(alias: Alias) -> None:
    if path := leads_back(alias.address):
        raise AliasError(
            _("The mail would go round in a circle: %(path)s.") % {"path": " → ".join(path)}, field="targets"
        )


def _must_allow_catch_all(domain: Domain) -> None:
    if not domain.catch_all_allowed:
        raise AliasError(_("A catch-all is not allowed for %(domain)s.") % {"domain": domain}, field="local_part")


def _must_be_there(alias: Alias) -> None:
    if alias.deleted_at is not None:
        raise NotAllowed(_("This alias is deleted. Bring it back first."))


def _lock(alias: Alias) -> None:
    """Read the row again as it is now, locked until the transaction ends; the caller may hold an older one."""
    try:
        alias.refresh_from_db(from_queryset=Alias.objects.select_for_update(no_key=True))
    except Alias.DoesNotExist as error:
        raise AliasError(_("This alias is gone for good: it was deleted too long ago.")) from error
