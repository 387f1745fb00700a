"""Where a person is signed in: seen by him, ended by him."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.browsers import describe
from accounts.services import sessions
from accounts.tasks import clear_sessions
from tests import factories as make
from tests.accounts.signing_in import is_signed_in, sign_in

pytestmark = pytest.mark.django_db
A_PAGE = reverse("accounts:password-suggestion")


def signed_in(user, **extra) -> Client:
    client = Client()
    sign_in(client, user, **extra)
    assert is_signed_in(client, user)
    return client


def is_in(client: Client) -> bool:
    return client.get(A_PAGE).status_code == 200


def test_each_session_is_listed_with_where_it_is_from():
    user = make.a_user()
    signed_in(user, REMOTE_ADDR="192.0.2.1", headers={"User-Agent": "Firefox at home"})
    signed_in(user, REMOTE_ADDR="192.0.2.2", headers={"User-Agent": "Chromium at work"})
    found = {(row.ip, row.user_agent) for row in sessions.open_sessions(user)}
    assert found == {("192.0.2.1", "Firefox at home"), ("192.0.2.2", "Chromium at work")}


def test_a_session_that_has_expired_is_not_listed():
    user = make.a_user()
    client = signed_in(user)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now() - timedelta(hours=1))
    assert sessions.open_sessions(user) == []


def test_one_session_can_be_ended_and_no_other_ends():
    user = make.a_user()
    here, there, yonder = signed_in(user), signed_in(user), signed_in(user)
    row = UserSession.objects.get(session_key=there.session.session_key)
    here.post(reverse("accounts:account-session-end", args=[row.pk]))
    assert [is_in(client) for client in (here, there, yonder)] == [True, False, True]


def test_all_others_can_be_ended_at_once():
    user = make.a_user()
    here, there, yonder = signed_in(user), signed_in(user), signed_in(user)
    here.post(reverse("accounts:account-sessions-end"))
    assert [is_in(client) for client in (here, there, yonder)] == [True, False, False]


def test_another_persons_session_is_not_there():
    other = signed_in(make.a_user())
    row = UserSession.objects.get(session_key=other.session.session_key)
    here = signed_in(make.a_staff_user())
    assert here.post(reverse("accounts:account-session-end", args=[row.pk])).status_code == 404
    assert is_in(other)


def test_that_a_session_is_used_is_noted_every_five_minutes_and_not_at_every_page():
    user = make.a_user()
    client = signed_in(user)
    row = UserSession.objects.get(user=user)
    is_in(client)
    assert UserSession.objects.get(user=user).last_seen_at == row.last_seen_at
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=6))
    client.get(A_PAGE, REMOTE_ADDR="192.0.2.7")
    row.refresh_from_db()
    assert row.ip == "192.0.2.7"
    assert timezone.now() - row.last_seen_at < timedelta(minutes=1)


def test_what_has_expired_is_cleared_away_and_nothing_else():
    old, new = signed_in(make.a_user()), signed_in(make.a_user())
    Session.objects.filter(pk=old.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))
    clear_sessions()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [new.session.session_key]
    assert is_in(new)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
            "Safari/537.36 Edg/138.0.0.0",
            "Edge on Windows",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "an unknown program"),
    ],
)
def test_a_browser_is_named_as_people_know_it(user_agent, words):
    assert describe(user_agent) == words
