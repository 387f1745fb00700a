"""Every address, as everybody: nobody sees or does what is not his."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Level, User
from accounts.permissions import RULES
from accounts.views.base import ScopedView
from tests import factories as make
from tests.permissions import document, walk, world
from tests.permissions.table import expectations

REFUSED = {"in", "403", "404", "405"}
# What answers "go" to foreign ids, having done nothing: bulk actions drop them.
HARMLESS = {"mail:mailbox-bulk", "mail:alias-bulk"}
OURS = [address for address in walk.addresses() if address.name.startswith(("accounts:", "mail:"))]


@pytest.mark.django_db
@pytest.mark.parametrize("walker", world.PRINCIPALS)
def test_every_address_answers_as_the_table_says(walker: str) -> None:
    made = world.build()
    client, expected = made.client(walker), expectations()
    surprises = []
    for address in walk.addresses():
        for method in walk.METHODS:
            wanted = expected.get((address.name, method), dict.fromkeys(world.PRINCIPALS, "not in the table"))[walker]
            found = walk.what_comes_back(made, client, address, method, walker)
            if found != wanted:
                surprises.append(f"{method} {address.path} ({address.name}): {found}, should be {wanted}")
    assert surprises == []


def test_the_table_has_every_address_and_no_other() -> None:
    assert {name for name, _method in expectations()} == {address.name for address in walk.addresses()}


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_every_page_of_ours_asks_a_rule(address: walk.Address) -> None:
    assert issubclass(address.view, ScopedView)
    assert address.action in RULES


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_the_table_lets_nobody_do_what_the_rule_refuses(address: walk.Address) -> None:
    """The table is written by hand; the rules say independently of it who has no business there at all."""
    rule = RULES[address.action]
    needed = rule.everywhere
    for method in walk.METHODS:
        answers = expectations()[address.name, method]
        assert answers["anonymous"] in {"in", "in/in"}
        if not rule.own and needed > Level.USER:
            assert set(answers["user"].split("/")) == {"403"}
        if not rule.own and not rule.domain_admin and needed > Level.DOMAIN_ADMIN:
            assert set(answers["admin"].split("/")) == set(answers["other"].split("/")) == {"403"}
        if needed == Level.OWNER:
            assert set(answers["staff"].split("/")) == {"403"}
        if not rule.impersonated:
            assert {*answers["as_user"].split("/"), *answers["as_admin"].split("/")} <= {"403", "go"}


@pytest.mark.parametrize("walker", ["user", "admin", "other", "as_user", "as_admin"])
def test_the_table_gives_nobody_a_foreign_object(walker: str) -> None:
    for (name, method), answers in expectations().items():
        own, slash, foreign = answers[walker].partition("/")
        if slash and name.startswith(("accounts:", "mail:")) and name not in HARMLESS:
            assert foreign in REFUSED, (name, method)
            if walker == "other" and name != "accounts:account-session-end":
                assert own in REFUSED, (name, method)


@pytest.mark.django_db
def test_a_disabled_login_sees_nothing_not_even_in_a_session_that_is_open() -> None:
    made = world.build()
    for walker in ("user", "admin", "staff", "owner"):
        client = made.client(walker)
        User.objects.filter(pk=made.people[walker].pk).update(is_active=False)
        for address in OURS:
            answers = walk.what_comes_back(made, client, address, "GET", "anonymous").split("/")
            assert set(answers) == {"in"}, address


@pytest.mark.django_db
def test_nothing_is_changed_without_the_token_of_a_page() -> None:
    made = world.build()
    client = made.client("owner")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.load({settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value})
    for address in walk.addresses():
        if address.name != "health":
            known = made.arguments(address.name, "owner", foreign=False) if address.takes else {}
            url = reverse(address.name, kwargs={name: known[name] for name in address.takes})
            assert strict.post(url).status_code in {403, 405}, address


def test_every_rule_is_asked_somewhere() -> None:
    apps = [Path(settings.BASE_DIR, app) for app in ("accounts", "mail")]
    source = "".join(file.read_text() for app in apps for file in app.rglob("*.py") if file.name != "permissions.py")
    assert [action for action in RULES if f'"{action}"' not in source] == []


def test_the_document_says_what_the_tables_say() -> None:
    assert document.PATH.read_text() == document.document(), "run: python -m tests.permissions"


@pytest.mark.django_db
def test_what_lies_below_another_object_is_not_found_there(client) -> None:
    """Nested addresses: an id of one customer with the contact of another."""
    mine, other = make.a_contact(), make.a_contact()
    client.force_login(make.a_staff_user())
    url = reverse("accounts:contact-edit", args=[mine.customer_id, other.pk])
    assert client.get(url).status_code == 404
    ours, theirs = make.a_domain(), make.a_domain()
    grant = make.a_domain_admin(theirs).domain_grants.get()
    for name in ("accounts:grant-edit", "accounts:grant-revoke"):
        assert client.post(reverse(name, args=[ours.pk, grant.pk])).status_code == 404
