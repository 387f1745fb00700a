"""Two people at one row at the same moment: real threads, real transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.errors import DomainError, LoginError
from accounts.models import Customer, Domain, DomainAdmin, User
from accounts.services import customers, domains, grants, staff
from roguelink.errors import NotAllowed, StaleObject
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gave, or the error it raised, all begun at the same moment."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(10)
            return call()
        except Exception as error:  # noqa: BLE001 (the error is what the test asks about)
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def kinds(results: list[Any]) -> set[str]:
    return {type(result).__name__ for result in results}


def test_of_two_who_change_a_customer_one_is_told() -> None:
    actors, customer = [make.a_staff_user(), make.a_staff_user()], make.a_customer()
    mine = [Customer.objects.get(pk=customer.pk) for _ in actors]
    results = at_once(
        lambda: customers.change_customer(actors[0], customer=mine[0], version=1, name="A"),
        lambda: customers.change_customer(actors[1], customer=mine[1], version=1, name="B"),
    )
    assert kinds(results) == {"Customer", StaleObject.__name__}
    customer.refresh_from_db()
    assert customer.version == 2


def test_of_two_who_take_on_a_domain_one_is_told_that_it_is_here() -> None:
    actor, customer = make.a_staff_user(), make.a_customer()
    results = at_once(*[lambda: domains.create_domain(actor, name="a.example", customer=customer)] * 4)
    assert kinds(results) == {"Domain", DomainError.__name__}
    assert Domain.objects.count() == 1


def test_of_two_who_delete_a_domain_one_is_told() -> None:
    actor, domain = make.a_staff_user(), make.a_domain()
    results = at_once(*[lambda: domains.delete_domain(actor, domain=domain)] * 2)
    assert kinds(results) == {"Domain", NotAllowed.__name__}


def test_two_customers_never_get_one_number() -> None:
    actor = make.a_staff_user()
    results = at_once(*[lambda: customers.create_customer(actor, name="A")] * 6)
    assert kinds(results) == {"Customer"}
    assert len({customer.number for customer in results}) == 6


def test_of_two_who_give_a_domain_to_a_new_login_one_makes_it() -> None:
    actor, domain = make.a_staff_user(), make.a_domain()
    results = at_once(*[lambda: grants.grant_domain(actor, domain=domain, email="new@home.example")] * 3)
    assert kinds(results) == {"tuple", LoginError.__name__}
    assert User.objects.filter(email="new@home.example").count() == DomainAdmin.objects.count() == 1


def test_two_owners_cannot_demote_each_other() -> None:
    one, two = make.an_owner(), make.an_owner()
    at_once(
        lambda: staff.change_staff(one, user=two, version=None, name="", is_superuser=False, is_active=True),
        lambda: staff.change_staff(two, user=one, version=None, name="", is_superuser=False, is_active=True),
    )
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


def test_a_form_sent_twice_at_once_does_its_work_once_and_leads_both_to_it() -> None:
    user = make.a_staff_user()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    token = "3f0c9a52-7d3b-4c6e-9a35-8f1f5f8f2a10"
    data = {"name": "A", "kind": "person", "country": "US", "submission": token}
    first, second = at_once(*[lambda client=client: client.post("/customers/new/", data) for client in clients])
    assert first.url == second.url
    assert Customer.objects.count() == 1
