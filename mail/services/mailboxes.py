"""Every change of a mailbox goes through here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Domain, Level, User
from accounts.permissions import may, may_set_password, require
from accounts.services import passwords
from mail.addresses import ALWAYS_REACHED, check_local_part
from mail.errors import MailboxError
from mail.models import Mailbox, MailServer
from mail.services import dead_targets, limits
from mail.services.forwards import must_stay_inside
from roguelink.db.versions import write_changes
from roguelink.errors import NotAllowed


@transaction.atomic
def create_mailbox(
    actor: User,
    *,
    domain: Domain,
    local_part: str,
    password: str = "",
    stored_password: str = "",
    name: str = "",
    quota_bytes: int | None = None,
    **switches: bool,
) -> Mailbox:
    """Make a mailbox and the login that opens it; Postfix and Dovecot know it as soon as this is committed.

    `password` is what a person chose; `stored_password` a hash made before, when many are made at once.
    `quota_bytes` None: the domain's usual; 0: no limit. `switches` are the protocol columns and keep_copy.
    Raises MailboxError or AddressError with the reason at its field, NotAllowed.
    """
    domain = limits.lock_domain(domain)
    require(actor, "mailbox.create", domain)
    limits.must_take_new(domain, MailboxError)
    limits.must_fit(Mailbox, name, MailboxError, field="name")
    local_part = check_local_part(local_part)
    address = f"{local_part}@{domain.name}"
    limits.must_be_free(address, MailboxError)
    limits.must_have_room_for_mailbox(domain)
    quota_bytes = _first_quota(actor, domain, quota_bytes)
    server = _default_server()
    try:
        with transaction.atomic():
            mailbox = Mailbox.objects.create(
                domain=domain,
                local_part=local_part,
                address=address,
                user=_login_for(actor, address=address, name=name, password=password, stored_password=stored_password),
                server=server,
                name=name,
                quota_bytes=quota_bytes,
                **switches,
            )
    except IntegrityError as error:  # an alias or a login of this address was made in this very moment
        raise MailboxError(_("%(address)s is taken.") % {"address": address}, field="local_part") from error
    dead_targets.look_again([address])
    return mailbox


@transaction.atomic
def change_mailbox(actor: User, *, mailbox: Mailbox, version: int | None, **changes: Any) -> Mailbox:
    """Change name, quota, protocol switches or server. Raises StaleObject for a form older than the mailbox."""
    domain = limits.lock_domain(mailbox.domain)
    _lock(mailbox)
    require(actor, "mailbox.change", mailbox)
    _must_be_there(mailbox)
    limits.must_fit(Mailbox, changes.get("name", ""), MailboxError, field="name")
    if "quota_bytes" in changes and changes["quota_bytes"] != mailbox.quota_bytes:
        require(actor, "mailbox.quota", mailbox)
        limits.must_allow_quota(domain, changes["quota_bytes"], besides=mailbox)
    if "server" in changes and changes["server"] != mailbox.server:
        require(actor, "mailbox.server", mailbox)
    return write_changes(mailbox, expected=version, changes=changes)


@transaction.atomic
def suspend_mailbox(actor: User, *, mailbox: Mailbox) -> Mailbox:
    """Stop delivery, sign-in and sending. What is in the mailbox stays."""
    return _set_status(actor, mailbox, Mailbox.Status.SUSPENDED)


@transaction.atomic
def activate_mailbox(actor: User, *, mailbox: Mailbox) -> Mailbox:
    """Let a suspended mailbox work again."""
    return _set_status(actor, mailbox, Mailbox.Status.ACTIVE)


@transaction.atomic
def delete_mailbox(actor: User, *, mailbox: Mailbox) -> Mailbox:
    """Put up a tombstone: nothing reaches the mailbox any more, and for settings.UNDO_DAYS it can be brought back."""
    _lock(mailbox)
    require(actor, "mailbox.delete", mailbox)
    _must_be_there(mailbox)
    return _write(mailbox, deleted_at=timezone.now())


@transaction.atomic
def restore_mailbox(actor: User, *, mailbox: Mailbox) -> Mailbox:
    """Bring a deleted mailbox back as it was, if the domain still has room for it."""
    domain = limits.lock_domain(mailbox.domain)
    _lock(mailbox)
    require(actor, "mailbox.delete", mailbox)
    if mailbox.deleted_at is None:
        return mailbox
    limits.must_take_mail(domain, MailboxError)
    limits.must_have_room_for_mailbox(domain)
    quota_bytes = mailbox.quota_bytes
    if quota_bytes == 0 and (domain.quota_mailbox_bytes or domain.quota_total_bytes):
        quota_bytes = limits.usual_quota(domain)  # the domain has got a limit since; without one it could never be back
    limits.must_allow_quota(domain, quota_bytes, besides=mailbox)
    must_stay_inside(domain, list(mailbox.forwards.values_list("target", flat=True)), MailboxError)
    return _write(mailbox, deleted_at=None, quota_bytes=quota_bytes)


@transaction.atomic
def set_mailbox_password(actor: User, *, mailbox: Mailbox, new_password: str) -> Mailbox:
    """A new password for the owner, who is signed out everywhere. Raises LoginError at `new_password`, NotAllowed."""
    require(actor, "mailbox.password", mailbox)
    _must_be_there(mailbox)
    passwords.set_password(actor, user=mailbox.user, new_password=new_password)
    return mailbox


def must_be_strong(password: str, user: User | None = None, *, field: str = "password") -> None:
    """Raise MailboxError at the field when a password is too weak, with every reason."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise MailboxError(" ".join(error.messages), field=field) from error


def what_goes_with(mailbox: Mailbox, targets_of: Iterable[str]) -> list[str]:
    """What deleting a mailbox means, a sentence each; `targets_of` are aliases that lead to it."""
    aliases = list(targets_of)
    lines = [_("Mail to %(address)s is refused from now on.") % {"address": mailbox.address}]
    if aliases:
        lines.append(_("These aliases lead to it and will lead nowhere: %(list)s") % {"list": ", ".join(aliases)})
    if forwards := [forward.target for forward in mailbox.forwards.all()[:10]]:
        lines.append(_("Its mail is no longer sent on to %(list)s.") % {"list": ", ".join(forwards)})
    lines += who_is_reached_instead(mailbox.local_part)
    lines.append(_("It can be brought back, with everything in it, for %(days)s days.") % {"days": settings.UNDO_DAYS})
    return lines


def who_is_reached_instead(local_part: str) -> list[str]:
    """What becomes of a name that must reach someone in every domain, when who has it takes no mail any more."""
    if local_part not in ALWAYS_REACHED:
        return []
    return [
        _("Every domain must have a “%(name)s” (RFC 2142). Until somebody has it again, its mail comes to us.")
        % {"name": local_part}
    ]


def _first_quota(actor: User, domain: Domain, wanted: int | None) -> int:
    """The quota of a new mailbox of the locked domain: another than the usual only for those who set quotas."""
    usual = limits.usual_quota(domain)
    if wanted is not None and wanted != usual and not may(actor, "mailbox.quota", domain):
        raise MailboxError(
            _("You may not set quotas in %(domain)s; leave this empty for the usual one.") % {"domain": domain},
            field="quota_bytes",
        )
    quota_bytes = usual if wanted is None else wanted
    limits.must_allow_quota(domain, quota_bytes)
    return quota_bytes


def _login_for(actor: User, *, address: str, name: str, password: str, stored_password: str) -> User:
    """The login that opens the mailbox: a new one, or that of the person who has this sign-in address already."""
    existing = User.objects.filter(email=address).first()
    if existing is None:
        if not stored_password:
            if not password:
                raise MailboxError(_("Please choose a password."), field="password")
            must_be_strong(password, User(email=address, name=name))
            stored_password = make_password(password)
        return User.objects.create(
            email=address, name=name, password=stored_password, password_changed_at=timezone.now()
        )
    if actor.level < Level.STAFF or not may_set_password(actor, existing):
        # Otherwise whoever administers a domain could take over a login that can do more than he.
        raise MailboxError(
            _("%(address)s is somebody's sign-in address already. Please ask the hotline to give it the mailbox.")
            % {"address": address},
            field="local_part",
        )
    if password:
        raise MailboxError(
            _(
                "%(address)s is somebody's sign-in address already. Leave the password empty: "
                "the mailbox then opens with the password that person has."
            )
            % {"address": address},
            field="password",
        )
    return existing


def _default_server() -> MailServer:
    server = MailServer.objects.filter(is_default=True).first()
    if server is None:
        raise MailboxError(
            _("No mail server is set up for new mailboxes yet. The owner does that under Settings, Mail servers.")
        )
    return server


def _set_status(actor: User, mailbox: Mailbox, status: str) -> Mailbox:
    _lock(mailbox)
    require(actor, "mailbox.suspend", mailbox)
    _must_be_there(mailbox)
    return mailbox if mailbox.status == status else _write(mailbox, status=status)


def _write(mailbox: Mailbox, **changes: Any) -> Mailbox:
    """Write what decides whether mail to the mailbox is taken, and tell the aliases that lead to it."""
    write_changes(mailbox, expected=None, changes=changes)
    dead_targets.look_again([mailbox.address])
    return mailbox


def _lock(mailbox: Mailbox) -> None:
    """Read the row again as it is now, locked until the transaction ends; the caller may hold an older one."""
    try:
        mailbox.refresh_from_db(from_queryset=Mailbox.objects.select_for_update(no_key=True))
    except Mailbox.DoesNotExist as error:
        raise MailboxError(_("This mailbox is gone for good: it was deleted too long ago.")) from error


def _must_be_there(mailbox: Mailbox) -> None:
    if mailbox.deleted_at is not None:
        raise NotAllowed(_("This mailbox is deleted. Bring it back first."))
