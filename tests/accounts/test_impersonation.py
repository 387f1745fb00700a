"""Log in as: with a reason, for a while, recorded, shown to the person, and never for secrets."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer, Impersonation, User
from accounts.services import impersonation
from roguelink.errors import NotAllowed
from tests import factories as make
from tests.accounts.signing_in import OVERVIEW, is_signed_in, sign_in

pytestmark = pytest.mark.django_db
ACCOUNT = reverse("accounts:account")
REASON = "He says his alias is gone"


def log_in_as(client: Client, user: User, reason: str = REASON):
    return client.post(reverse("accounts:impersonate", args=[user.pk]), {"reason": reason})


def stop(client: Client):
    return client.post(reverse("accounts:impersonation-end"))


@pytest.fixture
def staff(client) -> User:
    person = make.a_staff_user(name="Hiro Okada")
    client.force_login(person)
    return person


@pytest.fixture
def person(client, staff) -> User:
    """Somebody as whom the client is logged in."""
    user = make.a_domain_admin(make.a_domain("orchard.example"))
    log_in_as(client, user)
    return user


class TestBeginning:
    def test_the_pages_are_the_persons_and_say_so(self, client, staff):
        user = make.a_domain_admin()
        assert log_in_as(client, user).url == OVERVIEW
        page = client.get(ACCOUNT)
        assert page.wsgi_request.user == user
        assert page.context["impersonation"].user == user
        assert f"You see the portal as {user.email}" in page.content.decode()

    def test_it_needs_a_reason(self, client, staff):
        assert log_in_as(client, make.a_user(), "  ").status_code == 422
        assert not Impersonation.objects.exists()
        with pytest.raises(Exception, match="say why"):
            impersonation.start(staff, user=make.a_user(), reason=" ")

    @pytest.mark.parametrize("make_person", [make.a_staff_user, make.an_owner])
    def test_nobody_logs_in_as_staff_or_owner(self, client, make_person):
        client.force_login(make.an_owner())
        assert log_in_as(client, make_person()).status_code == 403
        assert not Impersonation.objects.exists()

    def test_nor_as_a_suspended_login(self, client, staff):
        assert log_in_as(client, make.a_user(is_active=False)).status_code == 403

    @pytest.mark.parametrize("make_person", [make.a_user, make.a_domain_admin])
    def test_only_staff_can(self, client, make_person):
        client.force_login(make_person())
        assert log_in_as(client, make.a_user()).status_code in {403, 404}
        with pytest.raises(NotAllowed):
            impersonation.start(make_person(), user=make.a_user(), reason=REASON)

    def test_not_from_within_another(self, client, person):
        assert log_in_as(client, make.a_user()).status_code in {403, 404}
        assert Impersonation.objects.count() == 1


class TestWhereItIsOffered:
    """The link is where the person is, and only for those who may follow it."""

    def test_on_the_page_of_a_mailbox(self, client, staff):
        mailbox = make.a_mailbox()
        link = reverse("accounts:impersonate", args=[mailbox.user_id])
        page = reverse("mail:mailbox-detail", args=[mailbox.pk])
        assert link in client.get(page).content.decode()
        client.force_login(make.a_domain_admin(mailbox.domain))
        assert link not in client.get(page).content.decode()

    def test_beside_the_administrators_of_a_domain(self, client, staff):
        domain = make.a_domain()
        admin = make.a_domain_admin(domain)
        link = reverse("accounts:impersonate", args=[admin.pk])
        page = reverse("accounts:domain-detail", args=[domain.pk])
        assert link in client.get(page).content.decode()
        client.force_login(admin)
        assert link not in client.get(page).content.decode()


class TestEnding:
    def test_by_the_button_on_every_page(self, client, staff, person):
        stop(client)
        assert client.get(ACCOUNT).wsgi_request.user == staff
        assert Impersonation.objects.get().ended_at is not None

    def test_by_itself_after_half_an_hour_without_doing_what_was_clicked(self, client, staff, person, settings):
        Impersonation.objects.update(started_at=timezone.now() - timedelta(seconds=settings.IMPERSONATION_SECONDS + 1))
        response = client.post(reverse("accounts:customer-create"), {"name": "Orchard"})
        assert response.url == OVERVIEW
        assert not Customer.objects.filter(name="Orchard").exists()
        assert client.get(ACCOUNT).wsgi_request.user == staff

    def test_when_the_person_becomes_staff(self, client, staff, person):
        User.objects.filter(pk=person.pk).update(is_staff=True)
        assert client.get(ACCOUNT).url == OVERVIEW
        assert client.get(ACCOUNT).wsgi_request.user == staff

    def test_when_the_staff_are_staff_no_more(self, client, staff, person):
        User.objects.filter(pk=staff.pk).update(is_staff=False)
        assert client.get(ACCOUNT).url == OVERVIEW
        assert client.get(ACCOUNT).wsgi_request.user == staff

    def test_by_signing_out_which_signs_the_staff_out(self, client, person):
        client.post(reverse("account_logout"))
        assert "_auth_user_id" not in client.session
        assert Impersonation.objects.get().ended_at is not None
        assert client.get(ACCOUNT).status_code == 302

    def test_the_id_of_somebody_elses_in_a_session_opens_nothing(self, client):
        theirs = impersonation.start(make.a_staff_user(), user=make.a_user(), reason=REASON)
        thief = make.a_staff_user()
        client.force_login(thief)
        session = client.session
        session["impersonation"] = theirs.pk
        session.save()
        assert client.get(ACCOUNT).url == OVERVIEW
        assert client.get(ACCOUNT).wsgi_request.user == thief


class TestWhatStaysClosed:
    @pytest.mark.parametrize(
        "name",
        [
            "account_reauthenticate",
            "account_reset_password",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "accounts:account-password",
            "accounts:account-profile",
        ],
    )
    def test_passwords_second_factors_and_the_way_back_in(self, client, person, name):
        for answer in (client.get(reverse(name)), client.post(reverse(name), {"password": make.PASSWORD})):
            assert answer.status_code == 403 or "/sign-in/again/" in answer.url
        assert client.get(reverse("account_reauthenticate")).status_code == 403
        assert User.objects.get(pk=person.pk).password == person.password

    def test_the_persons_sessions(self, client, person):
        elsewhere = Client()
        sign_in(elsewhere, person)
        page = client.get(ACCOUNT)
        assert page.context["sessions"] == []
        assert client.post(reverse("accounts:account-sessions-end")).status_code == 403
        assert is_signed_in(elsewhere, person)

    def test_what_the_person_may_not_do_either(self, client, person):
        assert client.get(reverse("accounts:customer-list")).status_code in {403, 404}

    def test_a_required_second_factor_is_the_staffs_affair(self, client, person, settings):
        settings.SECOND_FACTOR_REQUIRED = ["domain_admin"]
        assert client.get(ACCOUNT).status_code == 200


class TestWhatIsRecorded:
    def test_the_person_is_shown_who_was_there_when_and_why(self, client, staff, person):
        stop(client)
        own = Client()
        sign_in(own, person)
        page = own.get(ACCOUNT).content.decode()
        assert "Hiro Okada" in page
        assert REASON in page

    def test_nobody_else_is_shown_it(self, client, person):
        own = Client()
        other = make.a_user()
        sign_in(own, other)
        assert REASON not in own.get(ACCOUNT).content.decode()

    def test_the_history_has_the_person_and_the_staff(self, client, staff, person):
        stop(client)  # the one change that anybody can make here
        event = Impersonation.objects.get().events.latest("pgh_id")
        assert event.pgh_context["user"] == person.pk
        assert event.pgh_context["impersonator"] == staff.pk
        assert event.pgh_context["ip"] == "127.0.0.1"
        assert event.pgh_context["request_id"]

    def test_its_beginning_is_history_too(self, client, staff, person):
        event = Impersonation.objects.get().events.earliest("pgh_id")
        assert event.pgh_context["user"] == staff.pk
        assert event.reason == REASON

    def test_the_banner_counts_down(self, client, person):
        Impersonation.objects.update(started_at=timezone.now() - timedelta(minutes=20))
        active = client.get(ACCOUNT).context["impersonation"]
        assert 590 <= active.seconds_left <= 600
        assert active.minutes_left == 10
