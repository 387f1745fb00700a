"""The limits of a domain, and the lock under which they hold.

Whoever adds to a domain locks its row first and counts then: so two people who add at once take turns, and
the second one counts what the first one added.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import Model, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Domain
from mail.errors import AliasError, MailboxError
from mail.models import Alias, Mailbox
from roguelink.errors import ServiceError
from roguelink.sizes import format_size


def lock_domain(domain: Domain) -> Domain:
    """The domain's row, fresh, locked until the transaction ends. Readers and foreign keys do not wait for it."""
    rows = Domain.objects.select_for_update(no_key=True, of=("self",))  # not the customer that is read with it
    return rows.select_related("customer").get(pk=domain.pk)


def must_take_mail(domain: Domain, error: type[ServiceError]) -> None:
    """Raise where the domain can have no addresses: it is deleted, or mailboxes of it are elsewhere."""
    if domain.is_deleted:
        raise error(_("The domain %(domain)s is deleted. Bring it back first.") % {"domain": domain}, field="domain")
    if domain.kind == Domain.Kind.RELAY:
        raise error(
            _("For %(domain)s this is only the backup mail server: its mailboxes are elsewhere.") % {"domain": domain},
            field="domain",
        )


def must_take_new(domain: Domain, error: type[ServiceError]) -> None:
    """Raise where nothing new may be made: `must_take_mail`, or the domain is suspended."""
    must_take_mail(domain, error)
    if domain.status == Domain.Status.SUSPENDED:
        raise error(
            _("The domain %(domain)s is suspended, so this would not work. It must be activated first.")
            % {"domain": domain},
            field="domain",
        )


def must_fit(model: type[Model], text: str, error: type[ServiceError], *, field: str) -> None:
    """Raise where a text is longer than the column of that name."""
    longest = getattr(model._meta.get_field(field), "max_length", None)
    if longest is not None and len(text) > longest:
        raise error(_("At most %(count)s characters, please.") % {"count": longest}, field=field)


def must_have_room_for_mailbox(domain: Domain) -> None:
    """Raise when the locked domain has as many mailboxes as it may."""
    if domain.max_mailboxes is None:
        return
    if Mailbox.objects.live().filter(domain=domain).count() >= domain.max_mailboxes:
        raise MailboxError(
            _("%(domain)s may have %(limit)s mailboxes and has them. A higher limit is set on the domain's page.")
            % {"domain": domain, "limit": domain.max_mailboxes}
        )


def must_have_room_for_alias(domain: Domain) -> None:
    """Raise when the locked domain has as many aliases as it may."""
    if domain.max_aliases is None:
        return
    if Alias.objects.live().filter(domain=domain).count() >= domain.max_aliases:
        raise AliasError(
            _("%(domain)s may have %(limit)s aliases and has them. A higher limit is set on the domain's page.")
            % {"domain": domain, "limit": domain.max_aliases}
        )


def usual_quota(domain: Domain) -> int:
    """The quota of a new mailbox for which none is named, in bytes: the domain's usual, within its largest."""
    usual = domain.quota_default_bytes
    largest = domain.quota_mailbox_bytes
    if largest is None:
        return usual
    return min(usual, largest) if usual else largest


def must_allow_quota(domain: Domain, quota_bytes: int, *, besides: Mailbox | None = None) -> None:
    """Raise when a mailbox of the locked domain may not be that large (0: without a limit of its own).

    `besides`: the mailbox whose present quota is to be replaced, and so does not count. Giving some of it back is
    always right, also where a domain has been given more than it may have now.
    """
    largest, total = domain.quota_mailbox_bytes, domain.quota_total_bytes
    if quota_bytes == 0 and (largest is not None or total is not None):
        raise MailboxError(_("In this domain every mailbox needs a limit."), field="quota_bytes")
    if largest is not None and quota_bytes > largest:
        raise MailboxError(
            _("The largest mailbox in %(domain)s is %(size)s.") % {"domain": domain, "size": format_size(largest)},
            field="quota_bytes",
        )
    gives_back = besides is not None and besides.deleted_at is None and 0 < quota_bytes <= besides.quota_bytes
    if total is None or gives_back:
        return
    others = Mailbox.objects.live().filter(domain=domain)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    given = others.aggregate(sum=Sum("quota_bytes"))["sum"] or 0
    if given + quota_bytes > total:
        raise MailboxError(
            _("%(domain)s has %(left)s left of its %(total)s.")
            % {"domain": domain, "left": format_size(max(total - given, 0)), "total": format_size(total)},
            field="quota_bytes",
        )


def must_be_free(address: str, error: type[ServiceError], *, field: str = "local_part") -> None:
    """Raise, explaining by what it is taken and what can be done, when an address is a mailbox or an alias already."""
    mailbox = Mailbox.objects.filter(address=address).first()
    if mailbox is not None:
        raise error(_explain_mailbox(mailbox, error), field=field)
    alias = Alias.objects.filter(address=address).first()
    if alias is not None:
        raise error(_explain_alias(alias, error), field=field)


def _explain_mailbox(mailbox: Mailbox, error: type[ServiceError]) -> str:
    said = {"address": mailbox.address, "days": settings.UNDO_DAYS}
    if mailbox.deleted_at is not None:
        return _(
            "%(address)s was deleted on %(date)s. It can be brought back on its page, with all that is in it; "
            "%(days)s days after that day the address is free."
        ) % (said | {"date": date_format(mailbox.deleted_at)})
    if error is AliasError:
        return (
            _("%(address)s is a mailbox already. To send its mail to others as well, change its forwarding instead.")
            % said
        )
    return _("%(address)s is a mailbox already.") % said


def _explain_alias(alias: Alias, error: type[ServiceError]) -> str:
    said = {"address": alias.address, "days": settings.UNDO_DAYS}
    if alias.deleted_at is not None:
        return _(
            "%(address)s was an alias, deleted on %(date)s. It can be brought back on its page; "
            "%(days)s days after that day the address is free."
        ) % (said | {"date": date_format(alias.deleted_at)})
    said["targets"] = ", ".join(alias.targets.values_list("target", flat=True)[:5])
    if error is AliasError:
        return (
            _("%(address)s is an alias already, which leads to %(targets)s. Change that one to add further addresses.")
            % said
        )
    return (
        _(
            "%(address)s is an alias, which leads to %(targets)s; a mailbox behind it would get nothing. "
            "To have both: delete the alias for good, create the mailbox, and let it forward to these addresses "
            "with a copy."
        )
        % said
    )
