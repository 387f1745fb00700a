"""The first page: what needs attention, and where to begin."""

import pytest
from django.urls import reverse

from tests import factories as make

pytestmark = pytest.mark.django_db


def page(client, user) -> str:
    client.force_login(user)
    response = client.get(reverse("accounts:overview"))
    assert response.status_code == 200
    return response.content.decode()


def test_the_hotline_sees_what_needs_attention_and_what_it_may_do(client) -> None:
    make.a_customer(status="suspended")
    make.a_mailbox(status="suspended")
    text = page(client, make.a_staff_user())
    assert "customer is suspended" in text
    assert "mailbox is suspended" in text
    assert reverse("accounts:customer-create") in text


def test_the_owner_of_a_mailbox_sees_his_mailbox_and_nothing_of_the_provider(client) -> None:
    make.a_customer(status="suspended")
    mailbox = make.a_mailbox("walt@feed.example")
    text = page(client, mailbox.user)
    assert "walt@feed.example" in text
    assert "customer" not in text
    assert "no recovery address" in text
    assert reverse("mail:mailbox-create") not in text


def test_a_domain_administrator_is_told_only_of_his_domains(client) -> None:
    mine, foreign = make.a_mailbox(status="suspended"), make.a_mailbox(status="suspended")
    text = page(client, make.a_domain_admin(mine.domain))
    assert "mailbox is suspended" in text
    assert mine.address in text
    assert foreign.address not in text


def test_it_takes_at_most_twelve_queries(client, django_assert_max_num_queries) -> None:
    for _ in range(20):
        make.a_mailbox(status="suspended")
    client.force_login(make.an_owner())
    with django_assert_max_num_queries(12):
        client.get(reverse("accounts:overview"))
