"""The whole way, with nothing in between replaced: a real browser, the portal, PostgreSQL, Postfix and Dovecot."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories as make
from tests.servers.client import arrives, send, signs_in
from tests.servers.fixtures import mail_stack, running_stack  # noqa: F401
from tests.servers.stack import MailStack

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("servers")]
PASSWORD = make.PASSWORD
Visitor = Callable[[str, str], Page]


@pytest.fixture
def visitor(chromium: Browser, live_server) -> Iterator[Visitor]:
    """Somebody at a browser of his own, signed in."""
    contexts = []

    def sign_in(email: str, password: str) -> Page:
        context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password", exact=True).fill(password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        return page

    yield sign_in
    for context in contexts:
        context.close()


def test_from_half_a_phone_number_to_a_letter_in_the_inbox_and_a_password_of_ones_own(
    visitor: Visitor,
    mail_stack: MailStack,  # noqa: F811
) -> None:
    make.a_mail_server(is_default=True)
    customer = make.a_customer(name="Orchard Supply")
    make.a_contact(customer, phone="+15415550142")
    domain = make.a_domain("orchard.example", customer=customer)
    foreign = make.a_domain("foreign.example")
    make.a_staff_user("hotline@provider.example")
    make.a_domain_admin(domain, user=make.a_user("boss@orchard.example"))

    # The hotline, with the caller on the line.
    hotline = visitor("hotline@provider.example", PASSWORD)
    hotline.keyboard.press("/")
    hotline.keyboard.type("541-555-01")
    hotline.get_by_role("link", name="Orchard Supply").click()
    hotline.get_by_role("link", name="orchard.example").click()
    hotline.get_by_role("link", name="New mailbox").click()
    hotline.get_by_label("Address").fill("dale")
    password = hotline.get_by_label("Password").input_value()
    hotline.get_by_role("button", name="Create mailbox").click()
    expect(hotline.locator("#credential-password")).to_have_text(password)

    # The mail servers know it already.
    send(mail_stack, "dale@orchard.example", "welcome")
    assert arrives(mail_stack, "dale@orchard.example", "welcome", password)

    # The domain's administrator sees this domain and no other.
    boss = visitor("boss@orchard.example", PASSWORD)
    boss.get_by_role("link", name="Domains").click()
    expect(boss.get_by_role("link", name="orchard.example")).to_be_visible()
    expect(boss.get_by_text("foreign.example")).to_have_count(0)
    assert boss.goto(foreign.get_absolute_url()).status == 404
    assert boss.goto(domain.get_absolute_url()).status == 200
    expect(boss.get_by_role("link", name="dale@orchard.example")).to_be_visible()

    # The owner changes his password, and Dovecot knows only the new one.
    owner = visitor("dale@orchard.example", password)
    owner.goto("/account/password/")
    owner.get_by_label("Present password").fill(password)
    owner.get_by_label("New password").fill("a word of my own 1859")
    owner.get_by_label("The same again").fill("a word of my own 1859")
    owner.get_by_role("button", name="Change password").click()
    expect(owner.get_by_role("heading", name="My account")).to_be_visible()
    assert signs_in(mail_stack, "dale@orchard.example", "a word of my own 1859")
    assert not signs_in(mail_stack, "dale@orchard.example", password)
