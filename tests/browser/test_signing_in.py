"""Signing in, passkeys and My account, as a browser sees them."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import factories as make
from tests.browser.people import is_overview, sign_in, sign_out

pytestmark = pytest.mark.django_db(transaction=True)


def a_key(page: Page) -> None:
    """Plug in a security key of Chromium's own that says yes to everything."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add_the_key(page: Page, *, passkey: bool) -> None:
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Go on").click()
    if passkey:
        page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    expect(page.locator("#codes li")).to_have_count(10)


def test_a_passkey_opens_the_portal_without_a_password(page: Page) -> None:
    user = make.a_user()
    a_key(page)
    sign_in(page, user.email)
    add_the_key(page, passkey=True)
    sign_out(page)

    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url(is_overview)
    page.goto(reverse("accounts:account"))
    expect(page.locator("#content")).to_contain_text("security key or passkey")


def test_the_passkey_of_a_suspended_login_opens_nothing(page: Page) -> None:
    user = make.a_user()
    a_key(page)
    sign_in(page, user.email)
    add_the_key(page, passkey=True)
    sign_out(page)
    User.objects.filter(pk=user.pk).update(is_active=False)

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_text("do not open a login")).to_be_visible()


def test_a_security_key_is_asked_for_after_the_password(page: Page) -> None:
    user = make.a_user()
    a_key(page)
    sign_in(page, user.email)
    add_the_key(page, passkey=False)
    sign_out(page)

    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{reverse('mfa_authenticate')}")
    page.get_by_role("button", name="Use a security key").click()

    page.wait_for_url(is_overview)


def test_without_a_key_the_page_says_that_nothing_came_of_it(page: Page) -> None:
    page.goto(reverse("account_login"))
    refuse = "navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    page.evaluate(f"() => {{ {refuse} }}")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("You can simply try again")).to_be_visible()


def test_a_suggested_password_is_taken_over_and_opens_the_login(page: Page) -> None:
    user = make.a_user()
    sign_in(page, user.email)
    page.goto(reverse("accounts:account-password"))
    page.get_by_label("Present password").fill(make.PASSWORD)
    page.get_by_role("button", name="Suggest").click()
    field = page.get_by_label("New password")
    expect(field).not_to_have_value("")
    suggested = field.input_value()
    page.get_by_label("The same again").fill(suggested)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    assert User.objects.get(pk=user.pk).check_password(suggested)
