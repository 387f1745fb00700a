"""Where a mailbox sends its mail on to."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Domain, User
from accounts.permissions import require
from mail.addresses import check_targets, domain_of, without_tag
from mail.errors import MailboxError
from mail.models import Forward, Mailbox
from mail.services.health import leads_back
from roguelink.db.versions import write_changes
from roguelink.errors import NotAllowed, ServiceError, StaleObject


@transaction.atomic
def set_forwards(
    actor: User, *, mailbox: Mailbox, version: int | None, targets: Sequence[str], keep_copy: bool
) -> Mailbox:
    """Send the mailbox's mail on to exactly these addresses; with `keep_copy` it also stays.

    Raises AddressError for what is no address, MailboxError for a loop or where the domain allows no forwards to
    outside, StaleObject for a form older than the mailbox.
    """
    require(actor, "mailbox.forward", mailbox)
    if mailbox.is_deleted:
        raise NotAllowed(_("This mailbox is deleted. Bring it back first."))
    wanted = check_targets(targets)
    if mailbox.address in map(without_tag, wanted):
        raise MailboxError(
            _("A mailbox cannot forward to itself. To keep the mail here as well, keep a copy."), field="targets"
        )
    must_stay_inside(mailbox.domain, wanted, MailboxError)
    present = list(mailbox.forwards.values_list("target", flat=True))
    try:
        # Without forwards the mail always stays, and a later first forward begins with a copy.
        write_changes(mailbox, expected=version, changes={"keep_copy": keep_copy or not wanted})
    except StaleObject as error:
        raise StaleObject(error.message, current={"targets": present, **error.current}) from error
    mailbox.forwards.exclude(target__in=wanted).delete()
    Forward.objects.bulk_create(Forward(mailbox=mailbox, target=target) for target in wanted if target not in present)
    if wanted and (path := leads_back(mailbox.address)):
        raise MailboxError(
            _("The mail would go round in a circle: %(path)s.") % {"path": " → ".join(path)}, field="targets"
        )
    return mailbox


def must_stay_inside(domain: Domain, targets: Sequence[str], error: type[ServiceError]) -> None:
    """Raise where a domain's mail may not be sent outside and one of the targets is: at its field `targets`."""
    if domain.external_forwards_allowed:
        return
    ours = set(
        Domain.objects.live().filter(name__in={domain_of(target) for target in targets}).values_list("name", flat=True)
    )
    outside = [target for target in targets if domain_of(target) not in ours]
    if outside:
        raise error(
            _("Mail of %(domain)s may not be sent to addresses elsewhere: %(list)s.")
            % {"domain": domain, "list": ", ".join(outside)},
            field="targets",
        )
