"""What a person does in a browser, in the words of the tests."""

from __future__ import annotations

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from tests import factories as make


def is_overview(url: str) -> bool:
    """Whether this is the first page after signing in."""
    return urlsplit(url).path == reverse("accounts:overview")


def sign_in(page: Page, email: str, password: str = make.PASSWORD) -> None:
    """Fill in the sign-in form, and be let in."""
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(is_overview)


def sign_out(page: Page) -> None:
    """By the page of signing out."""
    page.goto(reverse("account_logout"))
    page.locator("#content").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"**{reverse('account_login')}")


def axe_finds(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is shown: the rule, and where."""
    return _violations(page, {})


def axe_finds_in_the_dark(page: Page) -> list[str]:
    """The same in dark colors, of which only the contrast can differ."""
    page.evaluate("() => { document.documentElement.dataset.bsTheme = 'dark' }")
    return _violations(page, {"runOnly": ["color-contrast"]})


def _violations(page: Page, options: dict[str, object]) -> list[str]:
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{found['id']}: {node['html'][:160]}" for found in violations for node in found["nodes"]]
