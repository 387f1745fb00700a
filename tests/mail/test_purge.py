"""The end of the undo window."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Domain, User
from mail.models import Alias, AliasDomain, AliasTarget, Forward, LastLogin, Mailbox, MailboxUsage
from mail.services import purge
from mail.tasks import purge_deleted
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO, YESTERDAY = NOW - timedelta(days=31), NOW - timedelta(days=1)


def test_what_was_deleted_31_days_ago_goes_with_all_that_hangs_on_it() -> None:
    mailbox = make.a_mailbox(deleted_at=LONG_AGO)
    make.a_forward(mailbox)
    make.usage_of(mailbox)
    make.a_last_login(mailbox)
    make.an_alias(deleted_at=LONG_AGO)
    make.a_domain(deleted_at=LONG_AGO)

    assert purge.purge_deleted() == {"mailboxes": 1, "aliases": 1, "domains": 1}

    for model in (Mailbox, Forward, MailboxUsage, LastLogin, Alias, AliasTarget):
        assert not model.objects.exists(), model
    assert not User.objects.filter(pk=mailbox.user_id).exists()
    assert Domain.objects.count() == 2


def test_what_can_still_be_brought_back_stays() -> None:
    mailbox = make.a_mailbox(deleted_at=YESTERDAY)
    alias = make.an_alias(deleted_at=YESTERDAY)
    domain = make.a_domain(deleted_at=YESTERDAY)
    make.a_mailbox()
    assert set(purge.purge_deleted().values()) == {0}
    for kept in (mailbox, alias, domain):
        kept.refresh_from_db()
    assert Mailbox.objects.count() == 2


def test_a_domain_takes_with_it_what_is_in_it_deleted_or_not() -> None:
    domain = make.a_domain(deleted_at=LONG_AGO)
    make.a_mailbox(domain=domain)
    make.a_mailbox(domain=domain, deleted_at=YESTERDAY)
    make.an_alias(domain=domain)
    make.an_alias_domain(domain, make.a_domain())
    make.a_domain_admin(domain)
    assert purge.purge_deleted() == {"mailboxes": 2, "aliases": 1, "domains": 1}
    assert not Domain.objects.filter(pk=domain.pk).exists()


def test_a_domain_for_which_another_stands_goes_as_well_and_the_other_stands_for_nothing() -> None:
    """Otherwise it could neither be brought back, because its mailboxes are gone, nor be made anew."""
    domain = make.a_domain(deleted_at=LONG_AGO)
    other = make.an_alias_domain(target=domain).domain
    assert purge.purge_deleted()["domains"] == 1
    assert not AliasDomain.objects.exists()
    assert Domain.objects.filter(pk=other.pk).exists()


def test_a_login_that_opens_something_else_stays() -> None:
    staff = make.a_mailbox(deleted_at=LONG_AGO, user=make.a_staff_user()).user
    admin = make.a_domain_admin(user=make.a_mailbox(deleted_at=LONG_AGO).user)
    purge.purge_deleted()
    assert set(User.objects.filter(pk__in=[staff.pk, admin.pk])) == {staff, admin}


def test_it_goes_in_chunks_and_a_second_time_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "CHUNK", 2)
    for _ in range(5):
        make.a_mailbox(deleted_at=LONG_AGO)
        make.an_alias(deleted_at=LONG_AGO)
    assert purge.purge_deleted() == {"mailboxes": 5, "aliases": 5, "domains": 0}
    assert set(purge.purge_deleted().values()) == {0}


def test_the_nightly_task_does_it_and_may_run_twice() -> None:
    make.a_mailbox(deleted_at=LONG_AGO)
    purge_deleted()
    purge_deleted()
    assert not Mailbox.objects.exists()


def test_a_purged_address_is_free_again() -> None:
    make.a_mailbox("joe@feed.example", deleted_at=LONG_AGO)
    purge.purge_deleted()
    make.a_mailbox("joe@feed.example")
