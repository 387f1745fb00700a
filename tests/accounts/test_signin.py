"""Signing in: who gets in, what everybody else learns (nothing), and how often one may try."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.hashers import DovecotHasher
from accounts.models import User
from accounts.services import passwords
from tests import factories as make
from tests.accounts.signing_in import OVERVIEW, SIGN_IN, is_signed_in, prove, sign_in

pytestmark = pytest.mark.django_db
OLD = "{MD5-CRYPT}$1$IPNyp.pJ$91W4tC71rlmg9IW7MP4Jj0"  # doveadm pw -s MD5-CRYPT -p 'Tëst-secret 1'
OLD_PASSWORD = "Tëst-secret 1"


def refusal(response) -> str:
    assert response.status_code == 200
    return str(response.context["form"].non_field_errors())


class TestWhoGetsIn:
    def test_a_person_gets_in_with_address_and_password(self, client):
        user = make.a_user()
        response = sign_in(client, user)
        assert (response.status_code, response.url) == (302, OVERVIEW)
        assert is_signed_in(client, user)

    @pytest.mark.parametrize("typed", ["WALT@München.Example", " walt@münchen.example ", "walt@xn--mnchen-3ya.example"])
    def test_the_address_may_be_typed_as_people_write_it(self, client, typed):
        user = make.a_user("walt@xn--mnchen-3ya.example")
        sign_in(client, typed)
        assert is_signed_in(client, user)

    def test_the_owner_of_a_suspended_mailbox_gets_in_to_see_why(self, client):
        mailbox = make.a_mailbox(status="suspended")
        sign_in(client, mailbox.user)
        assert is_signed_in(client, mailbox.user)

    def test_a_wrong_password_a_suspended_and_an_unknown_login_look_the_same(self, client):
        wrong = refusal(sign_in(client, make.a_user(), "not the password"))
        suspended = refusal(sign_in(client, make.a_user(is_active=False)))
        unknown = refusal(sign_in(client, "nobody@nowhere.example"))
        assert wrong == suspended == unknown
        assert "do not open a login" in wrong
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize("case", ["unknown", "suspended", "old hash", "no password"])
    def test_every_refusal_costs_one_hash_of_today(self, client, monkeypatch, case):
        address = "nobody@nowhere.example"
        if case != "unknown":
            user = make.a_user(is_active=case != "suspended")
            stored = {"old hash": OLD, "no password": "!none"}.get(case, user.password)
            User.objects.filter(pk=user.pk).update(password=stored)
            address = user.email
        hashed = []
        monkeypatch.setattr(DovecotHasher, "encode", lambda self, password, salt="": hashed.append(password))
        sign_in(client, address, "wrong")
        assert len(hashed) == 1

    def test_whoever_is_suspended_is_out_at_his_next_click(self, client):
        user = make.a_user()
        sign_in(client, user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert client.get(reverse("accounts:account")).status_code == 302

    def test_a_password_longer_than_bcrypt_takes_is_refused_and_no_error(self, client, settings):
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "BLF-CRYPT", {"rounds": 4}
        assert "do not open" in refusal(sign_in(client, "nobody@nowhere.example", "x" * 100))

    def test_the_session_before_and_after_signing_in_are_two(self, client):
        client.get(SIGN_IN)
        session = client.session
        session["planted"] = "by somebody else"
        session.save()
        client.cookies["sessionid"] = planted = session.session_key
        sign_in(client, make.a_user())
        assert client.session.session_key != planted
        assert not client.session.exists(planted)

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
    def test_signing_in_never_leads_to_another_site(self, client, target):
        response = client.post(SIGN_IN, {"login": make.a_user().email, "password": make.PASSWORD, "next": target})
        assert response.url == OVERVIEW

    def test_signing_in_leads_to_the_page_that_was_asked_for(self, client):
        page = reverse("accounts:account")
        response = client.post(SIGN_IN, {"login": make.a_user().email, "password": make.PASSWORD, "next": page})
        assert response.url == page

    def test_signing_out_ends_the_session(self, client):
        user = make.a_user()
        sign_in(client, user)
        key = client.session.session_key
        response = client.post(reverse("account_logout"))
        assert response.url == SIGN_IN
        assert not client.session.exists(key)


class TestNobodySignsUp:
    @pytest.mark.parametrize("path", ["signup/", "email/", "social/login/", "3rdparty/", "password/change/", "login/"])
    def test_the_pages_we_do_not_want_are_not_there(self, client, path):
        assert client.get(f"/sign-in/{path}").status_code == 404

    def test_nor_have_they_names(self):
        for name in ("account_signup", "account_email", "account_set_password"):
            with pytest.raises(NoReverseMatch):
                reverse(name)


class TestOldHashes:
    def test_an_old_hash_is_replaced_when_its_password_opens_the_portal(self, client):
        user = make.a_user()
        User.objects.filter(pk=user.pk).update(password=OLD)
        sign_in(client, user, OLD_PASSWORD)
        assert is_signed_in(client, user)
        renewed = User.objects.get(pk=user.pk)
        assert renewed.password.startswith("{ARGON2ID}")
        assert renewed.check_password(OLD_PASSWORD)
        assert renewed.password_changed_at == user.password_changed_at
        assert client.get(reverse("account_logout")).status_code == 200  # the session holds

    def test_a_wrong_password_leaves_an_old_hash_alone(self, client):
        user = make.a_user()
        User.objects.filter(pk=user.pk).update(password=OLD)
        sign_in(client, user, "wrong")
        assert User.objects.get(pk=user.pk).password == OLD

    def test_replacing_a_hash_is_no_change_for_the_history(self):
        user = make.a_user()
        User.objects.filter(pk=user.pk).update(password=OLD)
        before = user.events.count()
        passwords.renew_hash(User.objects.get(pk=user.pk), password=OLD_PASSWORD)
        assert user.events.count() == before

    def test_a_password_set_meanwhile_is_not_overwritten_by_the_old_one(self):
        user = make.a_user()
        User.objects.filter(pk=user.pk).update(password=OLD)
        signing_in = User.objects.get(pk=user.pk)
        newer = make.password_hash("set by the hotline")
        User.objects.filter(pk=user.pk).update(password=newer)
        passwords.renew_hash(signing_in, password=OLD_PASSWORD)
        assert User.objects.get(pk=user.pk).password == newer == signing_in.password

    def test_giving_the_password_once_more_replaces_nothing_and_the_session_holds(self, client):
        user = make.a_user()
        sign_in(client, user)
        User.objects.filter(pk=user.pk).update(password=OLD)
        client.force_login(User.objects.get(pk=user.pk))
        assert prove(client, OLD_PASSWORD).status_code == 302
        assert User.objects.get(pk=user.pk).password == OLD
        assert is_signed_in(client, user)


class TestAtAMillionLogins:
    def test_every_query_of_signing_in_can_use_an_index(self, client):
        user = make.a_user()
        with CaptureQueriesContext(connection) as queries:
            sign_in(client, user)
        assert is_signed_in(client, user)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for query in queries:
                statement = re.sub(r"^SELECT set_config\(.*?true\);\s*", "", query["sql"])  # the history's prefix
                if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
                    assert "Seq Scan" not in json.dumps(cursor.fetchone()[0]), statement

    def test_signing_in_costs_few_queries(self, client, django_assert_max_num_queries):
        user = make.a_user()
        with django_assert_max_num_queries(25):
            sign_in(client, user)


class TestThrottling:
    """Counted in the real Valkey."""

    def test_five_wrong_passwords_close_a_login_for_a_while_and_no_other(self, client):
        user, other = make.a_user(), make.a_user()
        for _attempt in range(5):
            assert "do not open" in refusal(sign_in(client, user, "wrong"))
        assert "too many attempts" in refusal(sign_in(client, user))
        sign_in(client, other)
        assert is_signed_in(client, other)

    def test_it_is_closed_from_everywhere(self, client):
        user = make.a_user()
        for attempt in range(5):
            sign_in(client, user, "wrong", REMOTE_ADDR=f"192.0.2.{attempt}")
        assert "too many attempts" in refusal(sign_in(client, user, REMOTE_ADDR="192.0.2.99"))

    def test_two_spellings_of_one_address_are_one_login(self, client):
        make.a_user("walt@xn--mnchen-3ya.example")
        for typed in ["walt@münchen.example", "WALT@MÜNCHEN.example", "walt@xn--mnchen-3ya.example"] * 2:
            response = sign_in(client, typed, "wrong")
        assert "too many attempts" in refusal(response)

    def test_two_names_of_the_portal_are_one_portal(self, client):
        user = make.a_user()
        for name in ["portal.example", "127.0.0.1", "localhost"] * 2:
            response = sign_in(client, user, "wrong", HTTP_HOST=name)
        assert "too many attempts" in refusal(response)

    def test_a_login_that_does_not_exist_is_closed_just_the_same(self, client):
        for _attempt in range(6):
            response = sign_in(client, "nobody@nowhere.example", "wrong")
        assert "too many attempts" in refusal(response)

    def test_one_network_address_cannot_try_login_after_login(self, client):
        for attempt in range(20):
            sign_in(client, f"person{attempt}@nowhere.example", "wrong")
        user = make.a_user()
        assert "too many attempts" in refusal(sign_in(client, user))
        sign_in(client, user, REMOTE_ADDR="192.0.2.1")
        assert is_signed_in(client, user)

    def test_right_passwords_are_not_counted(self, client):
        user = make.a_user()
        for _attempt in range(7):
            Client().post(SIGN_IN, {"login": user.email, "password": make.PASSWORD})
        sign_in(client, user)
        assert is_signed_in(client, user)

    def test_the_password_asked_once_more_is_counted_too(self, client):
        user = make.a_user()
        client.force_login(user)
        for _attempt in range(5):
            prove(client, "wrong")
        assert prove(client).status_code == 200

    def test_nobody_gets_in_uncounted_while_valkey_is_away(self, client, settings):
        user = make.a_user()
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://127.0.0.1:1/0",
                "OPTIONS": {"socket_connect_timeout": 1},
            }
        }
        response = sign_in(client, user)
        assert response.status_code == 503
        assert "_auth_user_id" not in client.session
