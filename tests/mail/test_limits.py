"""The limits of a domain hold for everybody, staff included."""

from __future__ import annotations

import pytest

from mail.errors import AliasError, MailboxError
from mail.models import Mailbox
from mail.services import bulk, limits, mailboxes
from tests import factories as make

pytestmark = pytest.mark.django_db
GB = 1024**3


def test_no_limit_is_no_limit() -> None:
    domain = make.a_domain()
    make.a_mailbox(domain=domain, quota_bytes=0)
    limits.must_have_room_for_mailbox(domain)
    limits.must_have_room_for_alias(domain)
    limits.must_allow_quota(domain, 0)
    limits.must_allow_quota(domain, 10**15)


def test_zero_mailboxes_means_none() -> None:
    with pytest.raises(MailboxError, match="may have 0 mailboxes"):
        limits.must_have_room_for_mailbox(make.a_domain(max_mailboxes=0))


def test_tombstones_do_not_count() -> None:
    domain = make.a_domain(max_mailboxes=1, max_aliases=1, quota_total_bytes=2 * GB)
    make.a_mailbox(domain=domain, quota_bytes=2 * GB, deleted_at="2026-11-01T00:00Z")
    make.an_alias(domain=domain, deleted_at="2026-11-01T00:00Z")
    limits.must_have_room_for_mailbox(domain)
    limits.must_have_room_for_alias(domain)
    limits.must_allow_quota(domain, 2 * GB)


def test_what_other_domains_have_does_not_count() -> None:
    domain = make.a_domain(max_aliases=1)
    make.an_alias()
    limits.must_have_room_for_alias(domain)
    make.an_alias(domain=domain)
    with pytest.raises(AliasError):
        limits.must_have_room_for_alias(domain)


@pytest.mark.parametrize("limit", [{"quota_total_bytes": 5 * GB}, {"quota_mailbox_bytes": 5 * GB}])
def test_where_space_is_limited_every_mailbox_needs_a_quota(limit: dict[str, int]) -> None:
    with pytest.raises(MailboxError, match="every mailbox needs a limit") as error:
        limits.must_allow_quota(make.a_domain(**limit), 0)
    assert error.value.field == "quota_bytes"


def test_a_mailbox_may_be_as_large_as_the_largest_and_not_a_byte_more() -> None:
    domain = make.a_domain(quota_mailbox_bytes=5 * GB)
    limits.must_allow_quota(domain, 5 * GB)
    with pytest.raises(MailboxError, match=r"largest mailbox in .* is 5 GB"):
        limits.must_allow_quota(domain, 5 * GB + 1)


def test_all_together_may_fill_the_total_and_not_a_byte_more() -> None:
    domain = make.a_domain(quota_total_bytes=5 * GB)
    mailbox = make.a_mailbox(domain=domain, quota_bytes=3 * GB)
    limits.must_allow_quota(domain, 2 * GB)
    with pytest.raises(MailboxError, match="2 GB left of its 5 GB"):
        limits.must_allow_quota(domain, 2 * GB + 1)
    limits.must_allow_quota(domain, 5 * GB, besides=mailbox)


@pytest.mark.parametrize(
    ("usual", "largest", "expected"),
    [(2 * GB, None, 2 * GB), (2 * GB, GB, GB), (0, GB, GB), (0, None, 0), (GB, 2 * GB, GB)],
)
def test_the_usual_quota_keeps_within_the_largest(usual: int, largest: int | None, expected: int) -> None:
    domain = make.a_domain(quota_default_bytes=usual, quota_mailbox_bytes=largest)
    assert limits.usual_quota(domain) == expected


def test_a_limit_lowered_below_what_is_there_leaves_it_alone_and_stops_what_is_new() -> None:
    domain = make.a_domain(quota_mailbox_bytes=GB)
    mailbox = make.a_mailbox(domain=domain, quota_bytes=5 * GB)
    staff = make.a_staff_user()
    mailboxes.change_mailbox(staff, mailbox=mailbox, version=1, name="Joe", quota_bytes=5 * GB)
    with pytest.raises(MailboxError):
        mailboxes.change_mailbox(staff, mailbox=mailbox, version=2, quota_bytes=4 * GB)
    assert Mailbox.objects.get().quota_bytes == 5 * GB


def test_space_may_be_given_back_where_a_domain_has_more_than_it_may_have_now() -> None:
    staff = make.a_staff_user()
    domain = make.a_domain(quota_total_bytes=6 * GB)
    one, two = (make.a_mailbox(domain=domain, quota_bytes=5 * GB) for _ in range(2))
    mailboxes.change_mailbox(staff, mailbox=one, version=None, quota_bytes=4 * GB)
    bulk.apply(staff, model=type(two), wish="quota", ids=[two.pk], value=3 * GB)
    with pytest.raises(MailboxError):
        mailboxes.change_mailbox(staff, mailbox=one, version=None, quota_bytes=5 * GB)
