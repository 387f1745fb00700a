"""What can be done to a mailbox, by whom, and what comes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import LoginError
from accounts.models import User
from mail.errors import MailboxError
from mail.models import Mailbox, MailServer
from mail.services import mailboxes
from roguelink.errors import NotAllowed, ServiceError, StaleObject
from tests import factories as make
from tests.mail.racing import at_once

pytestmark = pytest.mark.django_db
GB = 1024**3
PASSWORD = "salmon-ladder-rogue-42"


def create(actor: User, domain: Any, local_part: str = "joe", **fields: Any) -> Mailbox:
    if not MailServer.objects.exists():
        make.a_mail_server()
    return mailboxes.create_mailbox(
        actor, domain=domain, local_part=local_part, **{"password": PASSWORD, "name": "Joe"} | fields
    )


def refused(call: Any, *args: Any, **kwargs: Any) -> ServiceError:
    with pytest.raises(ServiceError) as error:
        call(*args, **kwargs)
    return error.value


class TestCreating:
    def test_it_makes_the_mailbox_and_the_login_that_opens_it(self) -> None:
        domain = make.a_domain("feed.example", quota_default_bytes=3 * GB)
        mailbox = create(make.a_staff_user(), domain, "Joe.Bloggs", name="Joe Bloggs")

        assert mailbox.address == "joe.bloggs@feed.example"
        assert mailbox.quota_bytes == 3 * GB
        assert mailbox.server.is_default
        assert (mailbox.user.email, mailbox.user.name) == ("joe.bloggs@feed.example", "Joe Bloggs")
        assert mailbox.user.check_password(PASSWORD)
        assert mailbox.user.password.startswith("{")
        assert mailbox.user.level == 1

    def test_an_address_that_is_a_mailbox_is_refused(self) -> None:
        taken = make.a_mailbox("joe@feed.example")
        error = refused(create, make.a_staff_user(), taken.domain, "JOE")
        assert (error.field, error.message) == ("local_part", "joe@feed.example is a mailbox already.")

    def test_an_alias_that_would_shadow_it_is_explained_with_what_to_do(self) -> None:
        alias = make.an_alias("joe@feed.example", targets=["ann@elsewhere.test"])
        error = refused(create, make.a_staff_user(), alias.domain)
        assert "leads to ann@elsewhere.test" in error.message
        assert "let it forward" in error.message

    def test_a_tombstone_is_explained_and_keeps_its_address(self) -> None:
        taken = make.a_mailbox("joe@feed.example", deleted_at=timezone.now())
        error = refused(create, make.a_staff_user(), taken.domain)
        assert "can be brought back" in error.message
        alias = make.an_alias("ann@feed.example", deleted_at=timezone.now())
        assert "was an alias" in refused(create, make.a_staff_user(), alias.domain, "ann").message

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"kind": "relay"}, "backup mail server"),
            ({"status": "suspended"}, "suspended"),
            ({"deleted_at": timezone.now()}, "deleted"),
        ],
    )
    def test_a_domain_that_would_not_serve_it_is_refused(self, fields: dict[str, Any], said: str) -> None:
        error = refused(create, make.a_staff_user(), make.a_domain(**fields))
        assert said in error.message
        assert error.field == "domain"

    def test_a_weak_password_is_refused_at_its_field_and_nothing_is_made(self) -> None:
        error = refused(create, make.a_staff_user(), make.a_domain("feed.example"), password="joe")
        assert error.field == "password"
        assert not User.objects.filter(email="joe@feed.example").exists()

    def test_without_a_password_it_asks_for_one(self) -> None:
        assert refused(create, make.a_staff_user(), make.a_domain(), password="").field == "password"

    def test_a_name_longer_than_its_column_is_refused_at_its_field(self) -> None:
        assert refused(create, make.a_staff_user(), make.a_domain(), name="x" * 151).field == "name"

    def test_without_a_mail_server_it_says_who_sets_one_up(self) -> None:
        with pytest.raises(MailboxError, match="owner does that"):
            mailboxes.create_mailbox(make.a_staff_user(), domain=make.a_domain(), local_part="joe", password=PASSWORD)

    def test_staff_give_a_mailbox_to_somebody_who_has_a_login_and_his_password_stays(self) -> None:
        somebody = make.a_user("joe@feed.example")
        mailbox = create(make.a_staff_user(), make.a_domain("feed.example"), password="")
        assert mailbox.user == somebody
        assert mailbox.user.check_password(make.PASSWORD)

    def test_a_password_for_somebody_who_has_one_is_refused_rather_than_ignored(self) -> None:
        make.a_user("joe@feed.example")
        error = refused(create, make.a_staff_user(), make.a_domain("feed.example"))
        assert error.field == "password"
        assert "Leave the password empty" in error.message

    def test_a_domain_administrator_cannot_take_over_a_login_that_way(self) -> None:
        make.a_user("joe@feed.example")
        domain = make.a_domain("feed.example")
        error = refused(create, make.a_domain_admin(domain), domain, password="")
        assert "ask the hotline" in error.message

    def test_staff_cannot_take_over_the_login_of_staff_that_way(self) -> None:
        make.a_staff_user("joe@feed.example")
        assert (
            "somebody's sign-in address"
            in refused(create, make.a_staff_user(), make.a_domain("feed.example"), password="").message
        )


class TestWhoMay:
    """The five principals: nobody's user, the owner of a mailbox, another domain's administrator, this one's, staff."""

    ACTIONS = {
        "change": lambda actor, box: mailboxes.change_mailbox(actor, mailbox=box, version=None, name="New"),
        "suspend": lambda actor, box: mailboxes.suspend_mailbox(actor, mailbox=box),
        "activate": lambda actor, box: mailboxes.activate_mailbox(actor, mailbox=box),
        "delete": lambda actor, box: mailboxes.delete_mailbox(actor, mailbox=box),
        "restore": lambda actor, box: mailboxes.restore_mailbox(actor, mailbox=box),
        "password": lambda actor, box: mailboxes.set_mailbox_password(actor, mailbox=box, new_password=PASSWORD),
        "create": lambda actor, box: create(actor, box.domain, "another"),
    }

    @pytest.mark.parametrize("action", ACTIONS)
    def test_strangers_and_the_owner_himself_may_not(self, action: str) -> None:
        mailbox = make.a_mailbox()
        for actor in (make.a_user(), make.a_mailbox().user, mailbox.user, make.a_domain_admin()):
            with pytest.raises(NotAllowed):
                self.ACTIONS[action](actor, mailbox)

    @pytest.mark.parametrize("action", ACTIONS)
    def test_its_administrator_and_staff_may(self, action: str) -> None:
        for who in ("admin", "staff"):
            mailbox = make.a_mailbox()
            actor = make.a_domain_admin(mailbox.domain) if who == "admin" else make.a_staff_user()
            self.ACTIONS[action](actor, mailbox)

    @pytest.mark.parametrize("action", [name for name in ACTIONS if name != "password"])
    def test_an_administrator_without_the_switch_may_not(self, action: str) -> None:
        mailbox = make.a_mailbox()
        with pytest.raises(NotAllowed):
            self.ACTIONS[action](make.a_domain_admin(mailbox.domain, manage_mailboxes=False), mailbox)

    def test_an_administrator_sets_no_password_without_the_switch(self) -> None:
        mailbox = make.a_mailbox()
        with pytest.raises(NotAllowed):
            self.ACTIONS["password"](make.a_domain_admin(mailbox.domain, reset_passwords=False), mailbox)

    def test_an_administrator_sets_no_password_of_somebody_who_may_do_more_than_he(self) -> None:
        mailbox = make.a_mailbox()
        make.a_domain_admin(user=mailbox.user)  # of a domain that is not the actor's
        with pytest.raises(NotAllowed):
            self.ACTIONS["password"](make.a_domain_admin(mailbox.domain), Mailbox.objects.get())

    def test_staff_who_are_logged_in_as_somebody_set_no_password(self) -> None:
        mailbox = make.a_mailbox()
        actor = make.a_domain_admin(mailbox.domain)
        actor.impersonator = make.a_staff_user()
        with pytest.raises(NotAllowed):
            self.ACTIONS["password"](actor, mailbox)

    def test_only_staff_move_a_mailbox_to_another_server(self) -> None:
        mailbox = make.a_mailbox()
        other = make.a_mail_server()
        with pytest.raises(NotAllowed):
            mailboxes.change_mailbox(make.a_domain_admin(mailbox.domain), mailbox=mailbox, version=None, server=other)
        mailboxes.change_mailbox(make.a_staff_user(), mailbox=mailbox, version=None, server=other)
        assert mailbox.server == other

    def test_an_administrator_changes_no_quota_without_the_switch(self) -> None:
        mailbox = make.a_mailbox()
        actor = make.a_domain_admin(mailbox.domain, set_quotas=False)
        with pytest.raises(NotAllowed):
            mailboxes.change_mailbox(actor, mailbox=mailbox, version=None, quota_bytes=5 * GB)
        mailboxes.change_mailbox(actor, mailbox=mailbox, version=None, quota_bytes=mailbox.quota_bytes, name="Joe")

    def test_nor_does_he_choose_one_for_a_new_mailbox(self, client: Any) -> None:
        make.a_mail_server()
        domain = make.a_domain(quota_default_bytes=GB)
        actor = make.a_domain_admin(domain, set_quotas=False)
        assert refused(create, actor, domain, quota_bytes=5 * GB).field == "quota_bytes"
        assert create(actor, domain).quota_bytes == GB
        assert create(make.a_domain_admin(domain), domain, "ann", quota_bytes=5 * GB).quota_bytes == 5 * GB
        client.force_login(actor)
        assert "quota_bytes" not in client.get(reverse("mail:mailbox-create")).context["form"].fields


class TestChanging:
    def test_name_quota_and_protocols_change_and_the_version_counts_up(self) -> None:
        mailbox = make.a_mailbox()
        mailboxes.change_mailbox(
            make.a_staff_user(), mailbox=mailbox, version=1, name="Joe B.", quota_bytes=5 * GB, pop3=False
        )
        assert (mailbox.name, mailbox.quota_bytes, mailbox.pop3, mailbox.version) == ("Joe B.", 5 * GB, False, 2)

    def test_a_form_older_than_the_mailbox_changes_nothing_and_says_what_is_there_now(self) -> None:
        mailbox = make.a_mailbox(name="Joe")
        Mailbox.objects.update(name="Joseph", version=2)
        with pytest.raises(StaleObject) as error:
            mailboxes.change_mailbox(make.a_staff_user(), mailbox=mailbox, version=1, name="Joey")
        assert error.value.current == {"name": "Joseph"}
        assert Mailbox.objects.get().name == "Joseph"

    def test_suspending_and_activating_twice_is_as_once(self) -> None:
        staff, mailbox = make.a_staff_user(), make.a_mailbox()
        for _again in range(2):
            assert mailboxes.suspend_mailbox(staff, mailbox=mailbox).status == "suspended"
        assert mailbox.version == 2
        for _again in range(2):
            assert mailboxes.activate_mailbox(staff, mailbox=mailbox).status == "active"
        assert mailbox.version == 3

    def test_a_deleted_mailbox_is_not_changed(self) -> None:
        mailbox = make.a_mailbox(deleted_at=timezone.now())
        for call in (mailboxes.suspend_mailbox, mailboxes.delete_mailbox):
            with pytest.raises(NotAllowed, match="Bring it back first"):
                call(make.a_staff_user(), mailbox=mailbox)

    def test_the_owner_is_signed_out_when_somebody_sets_his_password(self, client: Any) -> None:
        mailbox = make.a_mailbox()
        client.force_login(mailbox.user)
        mailboxes.set_mailbox_password(make.a_staff_user(), mailbox=mailbox, new_password=PASSWORD)
        assert client.get("/").status_code == 302
        assert User.objects.get(pk=mailbox.user_id).check_password(PASSWORD)

    def test_a_weak_new_password_is_refused_at_its_field(self) -> None:
        mailbox = make.a_mailbox()
        with pytest.raises(LoginError) as error:
            mailboxes.set_mailbox_password(make.a_staff_user(), mailbox=mailbox, new_password="123")
        assert error.value.field == "new_password"


class TestDeletingAndBringingBack:
    def test_it_is_a_tombstone_that_comes_back_as_it_was(self) -> None:
        staff, mailbox = make.a_staff_user(), make.a_mailbox(status="suspended")
        make.a_forward(mailbox, "friend@elsewhere.test")
        mailboxes.delete_mailbox(staff, mailbox=mailbox)
        assert mailbox.is_deleted
        mailboxes.restore_mailbox(staff, mailbox=mailbox)
        assert not mailbox.is_deleted
        assert mailbox.status == "suspended"
        assert mailbox.forwards.get().target == "friend@elsewhere.test"

    def test_bringing_back_what_is_there_changes_nothing(self) -> None:
        mailbox = make.a_mailbox()
        mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox)
        assert mailbox.version == 1

    def test_deleting_from_two_windows_does_not_count_the_days_anew(self) -> None:
        staff, mailbox = make.a_staff_user(), make.a_mailbox()
        other_window = Mailbox.objects.get()
        mailboxes.delete_mailbox(staff, mailbox=mailbox)
        with pytest.raises(NotAllowed):
            mailboxes.delete_mailbox(staff, mailbox=other_window)

    def test_it_does_not_come_back_into_a_domain_that_is_full_by_now(self) -> None:
        domain = make.a_domain(max_mailboxes=1)
        mailbox = make.a_mailbox(domain=domain, deleted_at=timezone.now())
        make.a_mailbox(domain=domain)
        with pytest.raises(MailboxError, match="may have 1 mailboxes"):
            mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox)

    def test_it_does_not_come_back_larger_than_the_space_that_is_left(self) -> None:
        domain = make.a_domain(quota_total_bytes=3 * GB)
        mailbox = make.a_mailbox(domain=domain, quota_bytes=2 * GB, deleted_at=timezone.now())
        make.a_mailbox(domain=domain, quota_bytes=2 * GB)
        with pytest.raises(MailboxError, match=r"1 GB left of its 3 GB"):
            mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox)

    def test_it_comes_back_into_a_suspended_domain_because_the_days_are_running(self) -> None:
        mailbox = make.a_mailbox(domain=make.a_domain(status="suspended"), deleted_at=timezone.now())
        mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox)
        assert not mailbox.is_deleted

    def test_what_was_purged_in_the_meantime_is_said_to_be_gone(self) -> None:
        mailbox = make.a_mailbox(deleted_at=timezone.now() - timedelta(days=31))
        Mailbox.objects.all().delete()
        with pytest.raises(MailboxError, match="gone for good"):
            mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox)

    def test_it_is_said_what_goes_with_it(self) -> None:
        mailbox = make.a_mailbox("joe@feed.example")
        make.a_forward(mailbox, "friend@elsewhere.test")
        said = " ".join(mailboxes.what_goes_with(mailbox, ["sales@feed.example"]))
        assert "sales@feed.example" in said
        assert "friend@elsewhere.test" in said
        assert "30 days" in said
        assert "RFC 2142" not in said

    def test_it_is_said_who_is_reached_when_a_name_that_every_domain_must_have_goes(self) -> None:
        said = " ".join(mailboxes.what_goes_with(make.a_mailbox("postmaster@feed.example"), []))
        assert "RFC 2142" in said


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_the_last_place_of_a_domain_is_given_once(self) -> None:
        domain = make.a_domain(max_mailboxes=3)
        make.a_mail_server()
        results = at_once(lambda actor, n: create(actor, domain, f"joe{n}"), times=6)
        assert len([one for one in results if isinstance(one, Mailbox)]) == 3
        assert {one.message.split(" ", 1)[1][:23] for one in results if isinstance(one, MailboxError)} == {
            "may have 3 mailboxes an"
        }
        assert Mailbox.objects.filter(domain=domain).count() == 3

    def test_the_last_space_of_a_domain_is_given_once(self) -> None:
        domain = make.a_domain(quota_total_bytes=5 * GB)
        make.a_mail_server()
        at_once(lambda actor, n: create(actor, domain, f"joe{n}", quota_bytes=2 * GB), times=4)
        assert Mailbox.objects.filter(domain=domain).count() == 2

    def test_one_address_is_given_once_and_the_others_hear_why(self) -> None:
        domain = make.a_domain()
        make.a_mail_server()
        results = at_once(lambda actor, _n: create(actor, domain, "joe"), times=4)
        assert len([one for one in results if isinstance(one, Mailbox)]) == 1
        assert all(one.field == "local_part" for one in results if isinstance(one, MailboxError))
        assert User.objects.filter(email__startswith="joe@").count() == 1

    def test_two_quotas_that_fit_alone_do_not_both_pass(self) -> None:
        domain = make.a_domain(quota_total_bytes=4 * GB)
        boxes = [make.a_mailbox(domain=domain, quota_bytes=GB) for _ in range(2)]
        at_once(
            lambda actor, n: mailboxes.change_mailbox(actor, mailbox=boxes[n], version=1, quota_bytes=3 * GB), times=2
        )
        assert sorted(Mailbox.objects.values_list("quota_bytes", flat=True)) == [GB, 3 * GB]


def test_a_mailbox_is_not_brought_back_to_forward_where_its_domain_may_not_any_more() -> None:
    mailbox = make.a_mailbox(deleted_at=timezone.now(), domain=make.a_domain(external_forwards_allowed=False))
    make.a_forward(mailbox, "x@elsewhere.test")
    with pytest.raises(MailboxError, match="elsewhere"):
        mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox)


def test_a_mailbox_without_a_limit_comes_back_with_the_usual_one_where_there_are_limits_now() -> None:
    domain = make.a_domain(quota_mailbox_bytes=2 * GB, quota_default_bytes=GB)
    mailbox = make.a_mailbox(deleted_at=timezone.now(), domain=domain, quota_bytes=0)
    assert mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox).quota_bytes == GB
