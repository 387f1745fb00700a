"""Whatever switches whoever has: nobody can do, by any way round, what he may not do himself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Domain, DomainAdmin, Level, User
from accounts.permissions import RULES, may, may_impersonate, may_set_password
from accounts.services import customers, domains, grants, passwords, staff
from accounts.services.undo import undo
from mail.models import Alias, Mailbox, MailServer
from mail.services import aliases, forwards, mailboxes, servers
from roguelink.errors import NotAllowed
from tests import factories as make

DOMAINS = (1, 2, 3)


@dataclass(frozen=True)
class Thing:
    """Something in a domain that is nobody's own."""

    domain_id: int
    user_id: int | None = None


switches = st.fixed_dictionaries(dict.fromkeys(DomainAdmin.SWITCHES, st.booleans()))
given_domains = st.dictionaries(st.sampled_from(DOMAINS), switches)


@st.composite
def people(draw: Any, pk: int) -> User:
    """A login of any level with any switches, with or without a mailbox; nothing of it is in the database."""
    is_staff = draw(st.booleans()) and draw(st.booleans())
    is_owner = is_staff and draw(st.booleans())
    user = User(pk=pk, email=f"{pk}@x.example", is_staff=is_staff, is_superuser=is_owner)
    user.is_active = draw(st.booleans()) or draw(st.booleans())
    user.administered = {
        domain: DomainAdmin(user=user, domain_id=domain, **on) for domain, on in draw(given_domains).items()
    }
    home = draw(st.sampled_from([None, *DOMAINS]))
    User.mailbox.related.set_cached_value(user, None if home is None else Mailbox(domain_id=home, user=user))
    return user


def can_do(user: User) -> set[tuple[str, int]]:
    """All that a login can do to things that are not its own."""
    return {(action, domain) for action in RULES for domain in DOMAINS if may(user, action, Thing(domain))}


@given(people(1), people(2))
def test_a_password_is_never_set_for_somebody_who_can_do_more(actor: User, user: User) -> None:
    if may_set_password(actor, user):
        user.is_active = True  # whoever sets the password may have it made active, too
        assert can_do(user) <= can_do(actor)
        assert user.level <= actor.level


@given(people(1), people(2))
def test_nobody_logs_in_as_somebody_who_can_do_more(actor: User, user: User) -> None:
    if may_impersonate(actor, user):
        assert can_do(user) <= can_do(actor)


@given(people(1), people(2))
def test_staff_in_somebody_s_place_can_do_no_more_than_he_and_set_no_password(actor: User, user: User) -> None:
    himself = can_do(user)
    user.impersonator = actor
    assert can_do(user) <= himself
    assert not may(user, "account.change")
    assert not may_set_password(user, actor)
    assert not may_impersonate(user, actor)


@given(people(1))
def test_a_disabled_login_can_do_nothing(user: User) -> None:
    user.is_active = False
    assert can_do(user) == set()
    assert [action for action in RULES if may(user, action)] == []


@given(people(1), st.sampled_from(sorted(RULES)), st.sampled_from(DOMAINS))
def test_below_staff_a_domain_is_needed_and_its_switch(user: User, action: str, domain: int) -> None:
    rule = RULES[action]
    if user.level < rule.everywhere and may(user, action, Thing(domain)):
        grant = user.administered[domain]
        assert rule.domain_admin is not None
        assert getattr(grant, rule.domain_admin.value, True)


@given(st.text(max_size=20))
def test_an_unknown_action_is_a_mistake_and_not_a_no(action: str) -> None:
    if action not in RULES:
        with pytest.raises(KeyError):
            may(User(is_superuser=True, is_staff=True), action)


def test_nothing_is_visible_to_nobody() -> None:
    """Every table of ours says who sees its rows; to strangers and to disabled logins it shows none."""
    ours = [model for app in ("accounts", "mail") for model in apps.get_app_config(app).get_models()]
    for model in ours:
        if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy:  # a proxy's table is another's
            for nobody in (AnonymousUser(), User(pk=1, is_active=False, is_staff=True, is_superuser=True)):
                assert model._default_manager.visible_to(nobody).query.is_empty(), model


# --- The same through the services ----------------------------------------------------------------------


PW = "kfrtq-8mzwp-3qxvn"
NEW_MAILBOX = {"local_part": "new", "password": PW}
NEW_ALIAS = {"local_part": "new-alias", "targets": ["a@b.test"]}


@dataclass
class Place:
    """A domain with one of everything."""

    domain: Domain
    mailbox: Mailbox
    alias: Alias


ATTEMPTS: list[tuple[str, str, Callable[[User, Place], Any]]] = [
    # the rule that decides, about what, and the call
    ("mailbox.create", "domain", lambda a, p: mailboxes.create_mailbox(a, domain=p.domain, **NEW_MAILBOX)),
    ("mailbox.change", "mailbox", lambda a, p: mailboxes.change_mailbox(a, **of(p.mailbox), name="new")),
    ("mailbox.server", "mailbox", lambda a, p: mailboxes.change_mailbox(a, **of(p.mailbox), server=another_server())),
    ("mailbox.suspend", "mailbox", lambda a, p: mailboxes.suspend_mailbox(a, mailbox=p.mailbox)),
    ("mailbox.delete", "mailbox", lambda a, p: mailboxes.delete_mailbox(a, mailbox=p.mailbox)),
    ("mailbox.password", "mailbox", lambda a, p: mailboxes.set_mailbox_password(a, mailbox=p.mailbox, new_password=PW)),
    ("mailbox.forward", "mailbox", lambda a, p: forwards.set_forwards(a, **of(p.mailbox), targets=[], keep_copy=True)),
    ("alias.create", "domain", lambda a, p: aliases.create_alias(a, domain=p.domain, **NEW_ALIAS)),
    ("alias.delete", "alias", lambda a, p: aliases.delete_alias(a, alias=p.alias)),
    ("aliasdomain.change", "domain", lambda a, p: aliases.create_alias_domain(a, domain=another(), target=p.domain)),
    ("domain.change", "domain", lambda a, p: domains.change_domain(a, domain=p.domain, version=None, max_mailboxes=9)),
    ("domain.suspend", "domain", lambda a, p: domains.suspend_domain(a, domain=p.domain)),
    ("domain.delete", "domain", lambda a, p: domains.delete_domain(a, domain=p.domain)),
    ("domain.admins", "domain", lambda a, p: grants.grant_domain(a, domain=p.domain, email="new@home.example")),
    ("customer.create", "", lambda a, p: customers.create_customer(a, name="New")),
    ("staff.change", "", lambda a, p: staff.create_staff(a, email="new@staff.example", is_superuser=True)),
    ("server.change", "", lambda a, p: servers.create_server(a, name="new", host="x", public_host="x")),
    ("log.undo", "", lambda a, p: undo(a, kind="mailbox", event_id=an_event(p.mailbox))),
]  # fmt: skip


def of(mailbox: Mailbox) -> dict[str, Any]:
    return {"mailbox": mailbox, "version": None}


def another_server() -> MailServer:
    return make.a_mail_server()


def another() -> Domain:
    return make.a_domain()


def an_event(mailbox: Mailbox) -> int:
    """A change of the mailbox that can be undone."""
    Mailbox.objects.filter(pk=mailbox.pk).update(pop3=not mailbox.pop3)
    return Mailbox.pgh_event_model.objects.filter(pgh_obj_id=mailbox.pk, pgh_label="update").latest("pgh_id").pgh_id


def was_refused(attempt: Callable[[User, Place], Any], actor: User, place: Place) -> bool:
    """Try it on a copy, and take it back."""
    with transaction.atomic():
        try:
            attempt(actor, copy.deepcopy(place))
        except NotAllowed:
            return True
        finally:
            transaction.set_rollback(True)
    return False


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(here=switches, elsewhere=switches, level=st.sampled_from([Level.DOMAIN_ADMIN, Level.STAFF, Level.OWNER]))
def test_a_service_does_what_the_rule_allows_and_nothing_else(here: dict, elsewhere: dict, level: Level) -> None:
    with transaction.atomic():
        places = []
        for _ in range(3):
            mailbox = make.a_mailbox()
            places.append(Place(mailbox.domain, mailbox, make.an_alias(domain=mailbox.domain)))
        user = make.a_user(is_staff=level >= Level.STAFF, is_superuser=level == Level.OWNER)
        make.a_domain_admin(places[0].domain, user=user, **here)
        actor = make.a_domain_admin(places[1].domain, user=user, **elsewhere)
        for place in places:
            for action, about, attempt in ATTEMPTS:
                allowed = may(actor, action, getattr(place, about) if about else None)
                assert was_refused(attempt, actor, place) != allowed, action
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_an_administrator_cannot_take_over_the_login_of_one_with_more_switches() -> None:
    domain = make.a_domain()
    colleague = make.a_mailbox(domain=domain)
    make.a_domain_admin(domain, user=colleague.user)
    actor = make.a_domain_admin(domain, manage_mailboxes=False)
    with pytest.raises(NotAllowed):
        passwords.set_password(actor, user=colleague.user, new_password="kfrtq-8mzwp-3qxvn")
