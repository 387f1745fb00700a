"""My account: seen by every level, changed by nobody but the person."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.errors import LoginError
from accounts.middleware import TimeZoneMiddleware
from accounts.models import User
from accounts.services import profile
from tests import factories as make
from tests.accounts.signing_in import prove

pytestmark = pytest.mark.django_db
PAGE, PROFILE = reverse("accounts:account"), reverse("accounts:account-profile")


def save(client, user: User, **fields: str):
    version = User.objects.get(pk=user.pk).version
    usual = {"name": user.name, "recovery_email": "", "time_zone": "", "version": version}
    return client.post(PROFILE, usual | fields)


@pytest.mark.parametrize("make_person", [make.a_user, make.a_domain_admin, make.a_staff_user, make.an_owner])
def test_everybody_has_the_page(client, make_person):
    client.force_login(make_person())
    assert client.get(PAGE).status_code == 200


def test_it_names_the_domains_one_administers(client):
    client.force_login(make.a_domain_admin(make.a_domain("orchard.example")))
    make.a_domain("stranger.example")
    page = client.get(PAGE).content.decode()
    assert "orchard.example" in page
    assert "stranger.example" not in page


def test_changing_it_asks_for_the_password_because_the_recovery_address_opens_the_login(client):
    user = make.a_user()
    client.force_login(user)
    assert client.get(PROFILE).url.startswith(reverse("account_reauthenticate"))
    save(client, user, recovery_email="thief@elsewhere.test")
    assert User.objects.get(pk=user.pk).recovery_email == ""


def test_a_person_changes_name_recovery_address_and_time_zone(client):
    user = make.a_user()
    client.force_login(user)
    prove(client)
    answer = save(client, user, name="Walt W.", recovery_email="walt@elsewhere.test", time_zone="America/Denver")
    assert answer.url == PAGE
    user.refresh_from_db()
    assert (user.name, user.recovery_email, user.time_zone) == ("Walt W.", "walt@elsewhere.test", "America/Denver")


@pytest.mark.parametrize("address", ["walt@orchard.example", "WALT@Orchard.Example", "walt+lost@orchard.example"])
def test_the_mailbox_itself_is_no_recovery_address(client, address):
    user = make.a_user("walt@orchard.example")
    client.force_login(user)
    prove(client)
    response = save(client, user, recovery_email=address)
    assert response.status_code == 422
    assert "another address" in str(response.context["form"].errors["recovery_email"])
    assert User.objects.get(pk=user.pk).recovery_email == ""


def test_a_zone_that_does_not_exist_is_refused_at_the_field(client):
    user = make.a_user()
    client.force_login(user)
    prove(client)
    assert "time_zone" in save(client, user, time_zone="Mars/Olympus").context["form"].errors


def test_a_form_older_than_the_account_shows_both(client):
    user = make.a_user(name="Walt")
    client.force_login(user)
    prove(client)
    User.objects.filter(pk=user.pk).update(name="Walter", version=2)
    response = client.post(PROFILE, {"name": "Wally", "recovery_email": "", "time_zone": "", "version": 1})
    assert response.status_code == 409
    assert "Walter" in response.content.decode()
    assert User.objects.get(pk=user.pk).name == "Walter"


def test_nobody_changes_the_account_of_another():
    with pytest.raises(Exception, match="your own account"):
        profile.change_profile(
            make.an_owner(), user=make.a_user(), version=None, name="x", recovery_email="", time_zone=""
        )


def test_the_service_refuses_the_mailbox_itself_as_well():
    user = make.a_user()
    with pytest.raises(LoginError) as refusal:
        profile.change_profile(user, user=user, version=None, name="", recovery_email=user.email, time_zone="")
    assert refusal.value.field == "recovery_email"


def test_times_are_shown_in_the_persons_own_zone(client):
    user = make.a_user(time_zone="Asia/Tokyo", password_changed_at=datetime(2026, 1, 1, 20, tzinfo=UTC))
    client.force_login(user)
    assert "changed Jan. 2, 2026" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd"])
def test_a_zone_the_machine_does_not_know_is_the_usual_one(name):
    assert TimeZoneMiddleware.zone(name) is None
