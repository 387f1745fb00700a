"""One's own new password, and the one that the hotline or a domain's administrator sets."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.errors import LoginError
from accounts.models import DomainAdmin, User
from accounts.services import passwords, sessions
from roguelink.errors import NotAllowed
from tests import factories as make
from tests.accounts.signing_in import is_signed_in, sign_in

pytestmark = pytest.mark.django_db
PAGE = reverse("accounts:account-password")
A_PAGE = reverse("accounts:password-suggestion")
NEW = "a brand new secret"


def change(client: Client, *, current: str = make.PASSWORD, new: str = NEW, again: str | None = None):
    return client.post(PAGE, {"current_password": current, "new_password": new, "again": again or new})


def opens(user: User, password: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


class TestOnesOwn:
    def test_it_is_changed_by_whoever_knows_the_present_one(self, client):
        user = make.a_user()
        sign_in(client, user)
        assert change(client).url == reverse("accounts:account")
        assert opens(user, NEW)
        assert not opens(user, make.PASSWORD)
        assert User.objects.get(pk=user.pk).password_changed_at > user.password_changed_at

    def test_the_other_sessions_end_and_this_one_goes_on_under_another_key(self, client):
        user = make.a_user()
        elsewhere = Client()
        sign_in(elsewhere, user)
        sign_in(client, user)
        key = client.session.session_key
        change(client)
        assert elsewhere.get(A_PAGE).status_code == 302
        assert client.get(A_PAGE).status_code == 200
        assert client.session.session_key != key
        assert [row["is_here"] for row in client.get(reverse("accounts:account")).context["sessions"]] == [True]

    def test_a_wrong_present_password_changes_nothing(self, client):
        user = make.a_user()
        sign_in(client, user)
        response = change(client, current="wrong")
        assert response.status_code == 422
        assert "current_password" in response.context["form"].errors
        assert opens(user, make.PASSWORD)

    def test_the_present_one_cannot_be_guessed_on_a_screen_left_open(self, client):
        user = make.a_user()
        sign_in(client, user)
        for _attempt in range(5):
            change(client, current="wrong")
        assert change(client).status_code == 429
        assert opens(user, make.PASSWORD)

    @pytest.mark.parametrize(
        ("new", "reason"),
        [("short", "at least 10 characters"), ("password123", "too common"), ("x" * 257, "at most 256 bytes")],
    )
    def test_a_bad_new_one_is_refused_with_the_reason(self, client, new, reason):
        user = make.a_user()
        sign_in(client, user)
        response = change(client, new=new)
        assert any(reason in error for error in response.context["form"].errors["new_password"])
        assert opens(user, make.PASSWORD)

    def test_typing_it_differently_the_second_time_is_noticed(self, client):
        user = make.a_user()
        sign_in(client, user)
        assert "again" in change(client, again="something else").context["form"].errors
        assert opens(user, make.PASSWORD)

    def test_the_history_says_that_it_was_changed_and_never_what_it_is(self, client):
        user = make.a_user()
        sign_in(client, user)
        change(client)
        event = user.events.latest("pgh_id")
        assert event.pgh_context["user"] == user.pk
        assert not hasattr(event, "password")


class TestSetBySomebodyElse:
    """The rule: nobody sets the password of a login that can do more than his own."""

    def may(self, actor: User, user: User) -> bool:
        try:
            passwords.set_password(actor, user=user, new_password=NEW)
        except NotAllowed:
            assert not opens(user, NEW)
            return False
        assert opens(user, NEW)
        return True

    def test_staff_set_that_of_people_but_not_of_staff(self):
        staff = make.a_staff_user()
        assert self.may(staff, make.a_mailbox().user)
        assert self.may(staff, make.a_domain_admin())
        assert not self.may(staff, make.a_staff_user())
        assert not self.may(staff, make.an_owner())

    def test_the_owner_sets_that_of_staff(self):
        assert self.may(make.an_owner(), make.a_staff_user())

    def test_a_domain_administrator_sets_that_of_mailboxes_in_his_domains(self):
        mailbox = make.a_mailbox()
        assert self.may(make.a_domain_admin(mailbox.domain), mailbox.user)
        assert not self.may(make.a_domain_admin(), make.a_mailbox().user)

    def test_only_with_the_switch(self):
        mailbox = make.a_mailbox()
        assert not self.may(make.a_domain_admin(mailbox.domain, reset_passwords=False), mailbox.user)

    def test_never_that_of_a_login_that_can_do_more_than_his(self):
        domain = make.a_domain()
        actor = make.a_domain_admin(domain)
        staff = make.a_mailbox(domain=domain, user=make.a_staff_user()).user
        boss_of_another = make.a_mailbox(domain=domain).user
        DomainAdmin.objects.create(user=boss_of_another, domain=make.a_domain())
        assert not self.may(actor, User.objects.get(pk=staff.pk))
        assert not self.may(actor, User.objects.get(pk=boss_of_another.pk))

    def test_never_by_staff_in_somebody_elses_name(self):
        mailbox = make.a_mailbox()
        actor = make.a_domain_admin(mailbox.domain)
        actor.impersonator = make.a_staff_user()
        assert not self.may(actor, mailbox.user)

    def test_the_person_is_signed_out_everywhere(self, client):
        user = make.a_user()
        sign_in(client, user)
        key = client.session.session_key
        passwords.set_password(make.a_staff_user(), user=user, new_password=NEW)
        assert not Session.objects.filter(pk=key).exists()
        assert sessions.open_sessions(user) == []
        assert client.get(A_PAGE).status_code == 302

    def test_it_must_be_a_good_one_too(self):
        with pytest.raises(LoginError) as refusal:
            passwords.set_password(make.a_staff_user(), user=make.a_user(), new_password="short")
        assert refusal.value.field == "new_password"


class TestSuggestions:
    def test_a_suggestion_passes_every_rule_and_reads_well(self):
        for _time in range(200):
            suggestion = passwords.generate_password()
            validate_password(suggestion)
            assert not set(suggestion) & set("il1o0IO ")

    def test_no_two_are_alike(self):
        assert len({passwords.generate_password() for _time in range(1000)}) == 1000

    def test_it_comes_as_plain_text_that_nobody_keeps(self, client):
        client.force_login(make.a_user())
        response = client.get(A_PAGE)
        assert response["Content-Type"].startswith("text/plain")
        assert "no-store" in response["Cache-Control"]
        assert client.get(A_PAGE).content != response.content


def test_signing_in_by_the_new_password_works_at_once(client):
    user = make.a_user()
    passwords.set_password(make.a_staff_user(), user=user, new_password=NEW)
    sign_in(client, user, NEW)
    assert is_signed_in(client, user)
