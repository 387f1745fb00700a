"""What lists and counts know of dead targets and of full mailboxes, without looking at a million of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mail.models import Alias, AliasTarget, Mailbox, MailboxUsage
from mail.services import aliases, bulk, dead_targets, mailboxes
from mail.tasks import look_at_targets
from tests import factories as make

pytestmark = pytest.mark.django_db
GB = 1024**3


def dead() -> set[str]:
    return set(AliasTarget.objects.filter(is_dead=True).values_list("target", flat=True))


class TestDeadTargets:
    def test_they_follow_what_is_done_to_the_mailbox_they_lead_to(self) -> None:
        staff, mailbox = make.a_staff_user(), make.a_mailbox("joe@feed.example")
        make.an_alias(targets=[mailbox.address, "x@elsewhere.test"])

        mailboxes.suspend_mailbox(staff, mailbox=mailbox)
        assert dead() == {"joe@feed.example"}
        mailboxes.activate_mailbox(staff, mailbox=mailbox)
        assert dead() == set()
        mailboxes.delete_mailbox(staff, mailbox=mailbox)
        assert dead() == {"joe@feed.example"}
        mailboxes.restore_mailbox(staff, mailbox=mailbox)
        assert dead() == set()
        bulk.apply(staff, model=Mailbox, wish="suspend", ids=[mailbox.pk])
        assert dead() == {"joe@feed.example"}

    def test_they_follow_what_is_done_to_the_alias_they_lead_to(self) -> None:
        staff, alias = make.a_staff_user(), make.an_alias("press@feed.example")
        make.an_alias(targets=[alias.address])
        aliases.delete_alias(staff, alias=alias)
        assert dead() == {"press@feed.example"}
        aliases.restore_alias(staff, alias=alias)
        assert dead() == set()
        bulk.apply(staff, model=Alias, wish="deactivate", ids=[alias.pk])
        assert dead() == {"press@feed.example"}

    def test_an_alias_to_nobody_is_known_as_dead_until_somebody_has_that_address(self) -> None:
        staff, domain = make.a_staff_user(), make.a_domain("feed.example")
        make.a_mail_server()
        aliases.create_alias(staff, domain=domain, local_part="sales", targets=["joe@feed.example"])
        assert dead() == {"joe@feed.example"}
        mailboxes.create_mailbox(staff, domain=domain, local_part="joe", password="salmon-ladder-rogue-42")
        assert dead() == set()

    def test_the_nightly_task_finds_what_reaches_further(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dead_targets, "CHUNK", 2)
        make.a_mailbox("joe@resting.example", domain=make.a_domain("resting.example", status="suspended"))
        make.an_alias("old@feed.example", expires_at=timezone.now() - timedelta(days=1))
        for target in ("joe@resting.example", "old@feed.example", "nobody@feed.example", "x@elsewhere.test"):
            make.an_alias(targets=[target])
        look_at_targets()
        assert dead() == {"joe@resting.example", "old@feed.example", "nobody@feed.example"}
        assert dead_targets.look_at_all() == 0

    def test_remembering_it_is_no_change_that_the_history_would_show(self) -> None:
        make.an_alias(targets=["nobody@feed.example"], domain=make.a_domain("feed.example"))
        before = AliasTarget.pgh_event_model.objects.count()
        dead_targets.look_at_all()
        assert dead() == {"nobody@feed.example"}
        assert AliasTarget.pgh_event_model.objects.count() == before


class TestFullness:
    @pytest.mark.parametrize(
        ("used", "quota", "percent"),
        [(0, GB, 0), (GB // 2, GB, 50), (9 * GB, 10 * GB, 90), (2 * GB, GB, 200), (GB, 0, 0)],
    )
    def test_it_is_per_cent_of_the_quota_as_dovecot_writes_the_bytes(self, used: int, quota: int, percent: int) -> None:
        usage = make.usage_of(make.a_mailbox(quota_bytes=quota), bytes=1)
        MailboxUsage.objects.update(bytes=used)
        usage.refresh_from_db()
        assert usage.fullness == percent

    def test_it_follows_a_new_quota(self) -> None:
        mailbox = make.a_mailbox(quota_bytes=2 * GB)
        usage = make.usage_of(mailbox, bytes=GB)
        mailboxes.change_mailbox(make.a_staff_user(), mailbox=mailbox, version=1, quota_bytes=GB)
        usage.refresh_from_db()
        assert usage.fullness == 100

    @pytest.mark.parametrize("used", [-5, 2**62])
    def test_whatever_is_written_never_fails(self, used: int) -> None:
        usage = make.usage_of(make.a_mailbox(quota_bytes=1), bytes=used)
        usage.refresh_from_db()
        assert usage.fullness in (0, 32767)
