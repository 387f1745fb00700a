"""The way back in for whoever has forgotten his password."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.forms import signin
from accounts.models import User
from accounts.services import passwords
from tests import factories as make
from tests.accounts.signing_in import is_signed_in, sign_in

pytestmark = pytest.mark.django_db
ASK = reverse("account_reset_password")
NEW = "a brand new secret"


def a_person(**fields) -> User:
    return make.a_user(**{"recovery_email": "walt.private@elsewhere.test"} | fields)


def ask(client: Client, address: str):
    return client.post(ASK, {"email": address})


def the_link() -> str:
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]


def follow(client: Client, link: str, password: str = NEW):
    """Open the link and choose a password; the answer to that."""
    form = client.get(link)
    return client.post(form.url, {"password1": password, "password2": password}) if form.status_code == 302 else form


def test_the_link_goes_to_the_recovery_address_and_opens_the_login_with_a_new_password(client):
    user = a_person()
    ask(client, user.email)
    assert mail.outbox[0].to == ["walt.private@elsewhere.test"]
    assert follow(client, the_link()).url == reverse("account_reset_password_from_key_done")
    assert not is_signed_in(client, user)
    sign_in(client, user, NEW)
    assert is_signed_in(client, user)
    assert User.objects.get(pk=user.pk).password_changed_at > user.password_changed_at


@pytest.mark.parametrize("case", ["unknown", "no recovery address", "suspended"])
def test_the_answer_does_not_tell_whether_anything_was_sent(client, case):
    known = ask(client, a_person().email)
    address = {
        "unknown": lambda: "nobody@nowhere.example",
        "no recovery address": lambda: make.a_user().email,
        "suspended": lambda: a_person(is_active=False).email,
    }[case]()
    mail.outbox.clear()
    answer = ask(client, address)
    assert (answer.status_code, answer.url) == (known.status_code, known.url)
    assert mail.outbox == []


def test_nothing_is_looked_up_while_the_person_waits(client, monkeypatch, django_assert_num_queries):
    sent = []
    monkeypatch.setattr(signin.send_password_reset, "delay", lambda *args: sent.append(args))
    user = a_person()
    with django_assert_num_queries(0):
        ask(client, user.email)
        ask(client, "nobody@nowhere.example")
    assert sent == [(user.email, "http://testserver/"), ("nobody@nowhere.example", "http://testserver/")]


def test_the_task_is_told_no_secret(client, monkeypatch):
    monkeypatch.setattr(signin.send_password_reset, "delay", lambda *args: sent.extend(args))
    sent: list[str] = []
    ask(client, a_person().email)
    assert not any("forgotten" in argument for argument in sent)


def test_a_link_works_once(client):
    user = a_person()
    ask(client, user.email)
    link = the_link()
    follow(client, link)
    again = follow(Client(), link, "yet another secret")
    assert "no longer good" in again.content.decode()
    assert User.objects.get(pk=user.pk).check_password(NEW)


def test_a_link_works_for_an_hour(client, settings):
    ask(client, a_person().email)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "no longer good" in follow(client, the_link()).content.decode()


def test_a_link_dies_with_the_recovery_address_it_was_sent_to(client):
    user = a_person()
    ask(client, user.email)
    User.objects.filter(pk=user.pk).update(recovery_email="walt.new@elsewhere.test")
    assert "no longer good" in follow(client, the_link()).content.decode()


def test_a_link_that_was_tampered_with_opens_nothing(client):
    ask(client, a_person().email)
    assert "no longer good" in follow(client, the_link()[:-3] + "0a/").content.decode()


def test_the_new_password_must_be_a_good_one_and_nothing_is_lost(client):
    user = a_person()
    ask(client, user.email)
    response = follow(client, the_link(), "short")
    assert "at least 10 characters" in response.content.decode()
    assert User.objects.get(pk=user.pk).check_password(make.PASSWORD)
    assert client.post(response.request["PATH_INFO"], {"password1": NEW, "password2": NEW}).status_code == 302


def test_everybody_who_was_signed_in_is_out(client):
    user = a_person()
    elsewhere = Client()
    sign_in(elsewhere, user)
    ask(client, user.email)
    follow(client, the_link())
    assert elsewhere.get(reverse("accounts:account")).status_code == 302


def test_whoever_forgot_and_used_up_his_attempts_gets_in_at_once_with_the_new_one(client):
    user = a_person()
    for _attempt in range(6):
        sign_in(client, user, "wrong")
    ask(client, user.email)
    follow(client, the_link())
    sign_in(client, user, NEW)
    assert is_signed_in(client, user)


def test_links_cannot_be_asked_for_without_end(client):
    user = a_person()
    answers = [ask(client, user.email) for _time in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "Please wait a few minutes" in answers[-1].content.decode()
    assert len(mail.outbox) == 3


def test_no_link_is_ever_sent_to_the_mailbox_itself():
    user = make.a_user()
    assert passwords.send_reset_link(address=user.email, base_url="http://testserver/") is False
    assert mail.outbox == []
