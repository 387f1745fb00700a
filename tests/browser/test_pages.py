"""The main pages as people of each level see them: nothing for axe-core to find, light and dark, wide and narrow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Domain, User
from mail.demo.load import DOMAIN_ADMIN, END_USER, HOTLINE, OWNER, PASSWORD
from mail.models import Alias, Mailbox
from tests.browser.people import axe_finds, axe_finds_in_the_dark, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"width": 390, "height": 844}


@pytest.fixture
def demo(transactional_db: None) -> None:
    """The demo provider, a small one."""
    call_command("demo", domains=30, mailboxes=120, aliases=60, customers=60, stdout=open("/dev/null", "w"))  # noqa: SIM115


def pages_of_everybody() -> Iterator[str]:
    yield from (reverse(name) for name in ("accounts:overview", "accounts:account", "mfa_index"))
    yield reverse("accounts:account-password")


def pages_of_the_mailbox_s_owner() -> Iterator[str]:
    yield from pages_of_everybody()
    mailbox = Mailbox.objects.get(address=END_USER)
    yield from (reverse(name, args=[mailbox.pk]) for name in ("mail:mailbox-detail", "mail:mailbox-forwards"))


def pages_of_a_domain(domain: Domain) -> Iterator[str]:
    yield from (reverse(name) for name in ("accounts:domain-list", "mail:mailbox-list", "mail:alias-list"))
    yield from (reverse(name) for name in ("mail:mailbox-create", "mail:alias-create", "mail:mailbox-import"))
    yield domain.get_absolute_url()
    mailbox = Mailbox.objects.live().filter(domain=domain).order_by("pk").last()
    for name in ("detail", "edit", "password", "delete"):
        yield reverse(f"mail:mailbox-{name}", args=[mailbox.pk])
    if alias := Alias.objects.live().filter(domain=domain).first():
        yield from (reverse(f"mail:alias-{name}", args=[alias.pk]) for name in ("detail", "edit", "delete"))
    yield reverse("accounts:log")
    yield f"{reverse('accounts:search')}?q=an"
    yield f"{reverse('mail:mailbox-list')}?q=nobody-has-this"


def pages_of_the_administrator() -> Iterator[str]:
    yield from (reverse(name) for name in ("accounts:overview", "accounts:log", "mail:mailbox-list"))
    yield User.objects.get(email=DOMAIN_ADMIN).domain_grants.first().domain.get_absolute_url()


def pages_of_the_hotline() -> Iterator[str]:
    domain = Domain.objects.live().filter(mailboxes__deleted_at=None, aliases__deleted_at=None).first()
    yield from pages_of_everybody()
    yield from pages_of_a_domain(domain)
    yield from (reverse(name) for name in ("accounts:customer-list", "accounts:customer-create", "mail:server-list"))
    customer = domain.customer.pk
    yield from (reverse(f"accounts:customer-{name}", args=[customer]) for name in ("detail", "edit", "suspend"))
    yield from (reverse(f"accounts:domain-{name}", args=[domain.pk]) for name in ("edit", "delete"))
    yield from (reverse(name, args=[domain.pk]) for name in ("accounts:grant-create",))


def pages_of_the_owner() -> Iterator[str]:
    yield from (reverse(name) for name in ("accounts:staff-list", "accounts:staff-create", "mail:server-create"))
    yield reverse("accounts:staff-edit", args=[User.objects.get(email=HOTLINE).pk])


@pytest.mark.parametrize(
    ("email", "pages"),
    [
        (END_USER, pages_of_the_mailbox_s_owner),
        (DOMAIN_ADMIN, pages_of_the_administrator),
        (HOTLINE, pages_of_the_hotline),
        (OWNER, pages_of_the_owner),
    ],
    ids=["user", "domain administrator", "hotline", "owner"],
)
def test_axe_finds_nothing_on_any_page(demo: None, page: Page, email: str, pages: Callable[[], Iterator[str]]) -> None:
    page.emulate_media(reduced_motion="reduce")  # colors that are on their way are not what is to be judged
    sign_in(page, email, PASSWORD)
    troubles = {}
    for url in pages():
        response = page.goto(url)
        assert response is not None
        assert response.status == 200, url
        if found := axe_finds(page) + axe_finds_in_the_dark(page):
            troubles[url] = found
    assert not troubles, json.dumps(troubles, indent=1)


def test_axe_finds_nothing_on_the_pages_of_strangers(page: Page) -> None:
    for name in ("account_login", "account_reset_password", "account_reset_password_done"):
        page.goto(reverse(name))
        assert axe_finds(page) == [], name


@pytest.mark.parametrize("pages", [pages_of_the_hotline, pages_of_the_owner])
def test_no_page_is_wider_than_a_phone(demo: None, page: Page, pages: Callable[[], Iterator[str]]) -> None:
    sign_in(page, OWNER, PASSWORD)
    page.set_viewport_size(NARROW)
    too_wide = {}
    for url in pages():
        page.goto(url)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            too_wide[url] = width
    assert too_wide == {}


class TestKeyboard:
    def test_slash_searches_and_the_arrows_lead_to_what_is_found(self, demo: None, page: Page) -> None:
        sign_in(page, HOTLINE, PASSWORD)
        page.keyboard.press("/")
        expect(page.locator("#search")).to_be_focused()
        page.keyboard.type(END_USER)
        expect(page.locator("#search-results a").first).to_contain_text(END_USER)
        page.keyboard.press("ArrowDown")
        expect(page.locator("#search-results a").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(END_USER)

    def test_enter_goes_straight_to_what_is_exactly_that(self, demo: None, page: Page) -> None:
        sign_in(page, HOTLINE, PASSWORD)
        page.keyboard.press("/")
        page.keyboard.type(END_USER)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(END_USER)

    def test_escape_puts_the_results_away(self, demo: None, page: Page) -> None:
        sign_in(page, HOTLINE, PASSWORD)
        page.keyboard.press("/")
        page.keyboard.type("walt")
        expect(page.locator("#search-results a").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#search-results")).to_be_hidden()
        expect(page.locator("#search")).not_to_be_focused()

    def test_n_makes_a_new_one_but_not_while_typing(self, demo: None, page: Page) -> None:
        sign_in(page, HOTLINE, PASSWORD)
        page.goto(reverse("mail:mailbox-list"))
        page.keyboard.press("/")
        with page.expect_response("**/search/**"):  # or leaving the page would break it off, which htmx complains of
            page.keyboard.press("n")
        expect(page.locator("#search")).to_have_value("n")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.wait_for_url(f"**{reverse('mail:mailbox-create')}*")

    def test_a_question_mark_shows_the_keys(self, demo: None, page: Page) -> None:
        sign_in(page, HOTLINE, PASSWORD)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Keyboard")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_double_click_makes_one_mailbox(demo: None, page: Page) -> None:
    sign_in(page, HOTLINE, PASSWORD)
    domain = Domain.objects.get(name="grantspassfeed.example")
    page.goto(f"{reverse('mail:mailbox-create')}?domain={domain.pk}")
    page.get_by_label("Address").fill("twice")
    page.get_by_role("button", name="Create mailbox").dblclick()
    expect(page.locator("#content")).to_contain_text("twice@grantspassfeed.example")
    assert Mailbox.objects.filter(address="twice@grantspassfeed.example").count() == 1
