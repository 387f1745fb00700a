"""Where a mailbox sends its mail on to."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from mail.errors import MailboxError
from mail.models import Mailbox
from mail.services.forwards import set_forwards
from roguelink.errors import NotAllowed, StaleObject
from tests import factories as make

pytestmark = pytest.mark.django_db
FRIEND = "friend@elsewhere.test"


def forward(actor: User, mailbox: Mailbox, *targets: str, keep_copy: bool = True, version: int | None = None) -> Any:
    return set_forwards(actor, mailbox=mailbox, version=version, targets=targets, keep_copy=keep_copy)


def targets_of(mailbox: Mailbox) -> list[str]:
    return [row.target for row in mailbox.forwards.all()]


def test_the_owner_forwards_his_own_mail() -> None:
    mailbox = make.a_mailbox()
    forward(mailbox.user, mailbox, "Friend@Elsewhere.TEST", "boss@elsewhere.test", keep_copy=False)
    assert targets_of(mailbox) == ["boss@elsewhere.test", FRIEND]
    assert not mailbox.keep_copy
    assert mailbox.version == 2


@pytest.mark.parametrize("who", ["admin", "staff"])
def test_his_administrator_and_staff_may_as_well(who: str) -> None:
    mailbox = make.a_mailbox()
    forward(make.a_domain_admin(mailbox.domain) if who == "admin" else make.a_staff_user(), mailbox, FRIEND)
    assert targets_of(mailbox) == [FRIEND]


def test_nobody_else_may() -> None:
    mailbox = make.a_mailbox()
    neighbor = make.a_mailbox(domain=mailbox.domain).user
    without_switch = make.a_domain_admin(mailbox.domain, manage_mailboxes=False)
    for actor in (make.a_user(), neighbor, make.a_domain_admin(), without_switch):
        with pytest.raises(NotAllowed):
            forward(actor, mailbox, FRIEND)


def test_they_become_exactly_those() -> None:
    mailbox = make.a_mailbox()
    make.a_forward(mailbox, "old@elsewhere.test")
    kept = make.a_forward(mailbox, FRIEND)
    forward(mailbox.user, mailbox, FRIEND, "new@elsewhere.test")
    assert targets_of(mailbox) == [FRIEND, "new@elsewhere.test"]
    assert mailbox.forwards.get(target=FRIEND).pk == kept.pk


def test_without_forwards_the_mail_stays_whatever_was_said_of_a_copy() -> None:
    mailbox = make.a_mailbox(keep_copy=False)
    make.a_forward(mailbox, FRIEND)
    forward(mailbox.user, mailbox, keep_copy=False)
    assert targets_of(mailbox) == []
    assert mailbox.keep_copy


@pytest.mark.parametrize("target", ["joe@feed.example", "Joe+tag@feed.example"])
def test_a_mailbox_cannot_forward_to_itself(target: str) -> None:
    mailbox = make.a_mailbox("joe@feed.example")
    with pytest.raises(MailboxError, match="to itself") as error:
        forward(mailbox.user, mailbox, target)
    assert error.value.field == "targets"


def test_a_circle_is_refused_with_its_way_and_nothing_changes() -> None:
    mailbox = make.a_mailbox("joe@feed.example")
    make.an_alias("all@feed.example", targets=["joe@feed.example"])
    with pytest.raises(MailboxError, match=r"joe@feed\.example → all@feed\.example → joe@feed\.example"):
        forward(mailbox.user, mailbox, "all@feed.example")
    assert targets_of(Mailbox.objects.get()) == []


def test_elsewhere_only_where_the_domain_allows_it() -> None:
    make.a_domain("ours.example")
    mailbox = make.a_mailbox(domain=make.a_domain(external_forwards_allowed=False))
    with pytest.raises(MailboxError, match=FRIEND):
        forward(mailbox.user, mailbox, FRIEND)
    forward(mailbox.user, mailbox, "ann@ours.example")


def test_a_domain_of_ours_that_is_deleted_is_elsewhere() -> None:
    make.a_domain("gone.example", deleted_at=timezone.now())
    mailbox = make.a_mailbox(domain=make.a_domain(external_forwards_allowed=False))
    with pytest.raises(MailboxError):
        forward(mailbox.user, mailbox, "ann@gone.example")


def test_a_form_older_than_the_mailbox_changes_nothing_and_shows_the_forwards_as_they_are() -> None:
    mailbox = make.a_mailbox()
    make.a_forward(mailbox, FRIEND)
    Mailbox.objects.update(version=2)
    with pytest.raises(StaleObject) as error:
        forward(mailbox.user, mailbox, "mine@elsewhere.test", version=1)
    assert error.value.current == {"targets": [FRIEND], "keep_copy": True}
    assert targets_of(mailbox) == [FRIEND]


def test_a_deleted_mailbox_forwards_nothing() -> None:
    mailbox = make.a_mailbox(deleted_at=timezone.now())
    with pytest.raises(NotAllowed, match="Bring it back first"):
        forward(mailbox.user, mailbox, FRIEND)
