"""What of a domain's limits is in use, and how much mail is stored."""

from __future__ import annotations

import pytest

from mail import panels
from mail.models import MailboxUsage
from tests import factories as make

pytestmark = pytest.mark.django_db
GIB = 1024**3


def test_mailboxes_aliases_quotas_and_stored_mail_are_added_up_in_one_query(django_assert_num_queries) -> None:
    domain = make.a_domain()
    for size in (1, 2):
        make.usage_of(make.a_mailbox(domain=domain, quota_bytes=size * GIB), bytes=size * 1000)
    make.an_alias(domain=domain)
    make.usage_of(make.a_mailbox(), bytes=5)
    with django_assert_num_queries(1):
        use = panels.use_of_limits(domain)
    assert use == {
        "max_mailboxes": 2,
        "max_aliases": 1,
        "quota_total_bytes": 3 * GIB,
        "quota_mailbox_bytes": 2 * GIB,
        "stored_bytes": 3000,
    }
    assert "2 mailboxes" in panels.count_mailboxes([domain.pk])[domain.pk]


def test_an_empty_domain_uses_nothing() -> None:
    domain = make.a_domain()
    assert set(panels.use_of_limits(domain).values()) == {0}
    assert panels.count_mailboxes([domain.pk]) == {}


def test_usage_written_before_there_is_a_mailbox_finds_its_domain_when_it_is_written_again() -> None:
    MailboxUsage.objects.create(mailbox_id="early@pear.example", bytes=10)
    mailbox = make.a_mailbox("early@pear.example")
    assert panels.use_of_limits(mailbox.domain)["stored_bytes"] == 0
    MailboxUsage.objects.update(bytes=20)
    assert panels.use_of_limits(mailbox.domain)["stored_bytes"] == 20
