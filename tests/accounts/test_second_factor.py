"""Second factors: setting up, signing in with them, and levels that must have one."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.adapters import MFAAdapter
from accounts.checks import second_factor_levels
from tests import factories as make
from tests.accounts.signing_in import OVERVIEW, an_app, code_now, is_signed_in, prove, sign_in

pytestmark = pytest.mark.django_db
CODE_PAGE = reverse("mfa_authenticate")
LIST = reverse("mfa_index")


class TestAuthenticatorApp:
    def test_setting_it_up_asks_for_the_password_first(self, client):
        client.force_login(make.a_user())
        response = client.get(reverse("mfa_activate_totp"))
        assert response.url.startswith(reverse("account_reauthenticate"))

    def test_it_is_set_up_by_a_code_and_recovery_codes_come_with_it(self, client):
        user = make.a_user()
        client.force_login(user)
        prove(client)
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        response = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
        assert response.url == reverse("mfa_view_recovery_codes")
        assert len(client.get(response.url).context["unused_codes"]) == 10
        kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
        assert set(kinds) == {"totp", "recovery_codes"}

    def test_its_secret_is_not_readable_in_the_database(self, client):
        user = make.a_user()
        client.force_login(user)
        prove(client)
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
        app = Authenticator.objects.get(user=user, type="totp")
        assert secret not in str(app.data)
        assert MFAAdapter().decrypt(app.data["secret"]) == secret

    def test_secrets_outlive_a_new_secret_key_while_the_old_one_is_a_fallback(self, settings):
        stored = MFAAdapter().encrypt("secret")
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
        assert MFAAdapter().decrypt(stored) == "secret"

    def test_the_password_alone_signs_nobody_in(self, client):
        user = make.a_user()
        an_app(user)
        assert sign_in(client, user).url == CODE_PAGE
        assert not is_signed_in(client, user)
        assert client.get(reverse("accounts:account")).status_code == 302

    def test_password_and_code_do(self, client):
        user = make.a_user()
        an_app(user)
        sign_in(client, user)
        assert client.get(CODE_PAGE).status_code == 200
        assert client.post(CODE_PAGE, {"code": code_now()}).url == OVERVIEW
        assert is_signed_in(client, user)

    def test_a_wrong_code_does_not(self, client):
        user = make.a_user()
        an_app(user)
        sign_in(client, user)
        response = client.post(CODE_PAGE, {"code": "000000"})
        assert "This code is not right" in response.content.decode()
        assert not is_signed_in(client, user)

    def test_a_code_works_once(self, client):
        user = make.a_user()
        an_app(user)
        code = code_now()
        sign_in(client, user)
        client.post(CODE_PAGE, {"code": code})
        thief = Client()
        sign_in(thief, user)
        thief.post(CODE_PAGE, {"code": code})
        assert not is_signed_in(thief, user)

    def test_codes_cannot_be_tried_out(self, client):
        user = make.a_user()
        an_app(user)
        sign_in(client, user)
        for guess in range(5):
            client.post(CODE_PAGE, {"code": f"{guess:06}"})
        response = client.post(CODE_PAGE, {"code": code_now()})
        assert "too many attempts" in response.content.decode()
        assert not is_signed_in(client, user)

    def test_a_recovery_code_opens_the_account_once(self, client):
        user = make.a_user()
        client.force_login(user)
        prove(client)
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
        recovery_code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]

        for works in (True, False):
            other = Client()
            sign_in(other, user)
            other.post(CODE_PAGE, {"code": recovery_code})
            assert is_signed_in(other, user) is works

    def test_another_persons_key_cannot_be_removed(self, client):
        key = Authenticator.objects.create(user=make.a_user(), type="webauthn", data={"name": "key"})
        client.force_login(make.a_user())
        prove(client)
        assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
        assert Authenticator.objects.filter(pk=key.pk).exists()


class TestLevelsThatMustHaveOne:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.SECOND_FACTOR_REQUIRED = ["owner", "staff"]

    @pytest.mark.parametrize("make_person", [make.a_staff_user, make.an_owner])
    def test_they_get_no_further_than_setting_one_up(self, client, make_person):
        client.force_login(make_person())
        for page in ("accounts:overview", "accounts:account", "accounts:customer-list"):
            assert client.get(reverse(page)).url == LIST
        assert client.post(reverse("accounts:customer-create"), {"name": "x"}).url == LIST

    def test_a_fragment_does_not_show_that_page_in_the_middle_of_another(self, client):
        client.force_login(make.a_staff_user())
        response = client.get(OVERVIEW, headers={"HX-Request": "true"})
        assert (response.status_code, response["HX-Redirect"]) == (204, LIST)

    def test_they_can_sign_out_instead(self, client):
        client.force_login(make.a_staff_user())
        client.post(reverse("account_logout"))
        assert "_auth_user_id" not in client.session

    def test_with_one_they_go_on(self, client):
        staff = make.a_staff_user()
        an_app(staff)
        client.force_login(staff)
        assert client.get(reverse("accounts:password-suggestion")).status_code == 200

    def test_recovery_codes_alone_are_none(self, client):
        staff = make.a_staff_user()
        Authenticator.objects.create(user=staff, type="recovery_codes", data={})
        client.force_login(staff)
        assert client.get(OVERVIEW).url == LIST

    def test_whoever_removes_his_only_one_must_set_up_another(self, client):
        staff = make.a_staff_user()
        an_app(staff)
        client.force_login(staff)
        client.get(reverse("accounts:password-suggestion"))  # now the session remembers that there is one
        prove(client)
        client.post(reverse("mfa_deactivate_totp"))
        assert client.get(OVERVIEW).url == LIST

    def test_a_level_that_does_not_exist_is_told_by_check(self, settings):
        assert second_factor_levels() == []
        settings.SECOND_FACTOR_REQUIRED = ["owner", "staf"]
        assert "not staf" in second_factor_levels()[0].msg

    def test_other_levels_are_not_asked(self, client):
        client.force_login(make.a_domain_admin())
        assert client.get(reverse("accounts:password-suggestion")).status_code == 200
