"""One search over everything a person may see."""

import pytest
from django.urls import reverse

from accounts.search import search
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(user, typed: str) -> list[str]:
    return [hit.title for group in search(user, typed) for hit in group.hits]


@pytest.mark.parametrize("typed", ["541-555-01", "(541) 555 0142", "+1 541 555 0142", "5550142", "555-0142"])
def test_a_customer_is_found_by_half_a_phone_number_however_it_is_written(typed: str) -> None:
    customer = make.a_customer(name="Dorothy Applegate")
    make.a_contact(customer, phone="+15415550142")
    make.a_contact(make.a_customer(name="Somebody Else"), phone="+15035550199")
    assert found(make.a_staff_user(), typed) == ["Dorothy Applegate"]


@pytest.mark.parametrize(
    "typed", ["10777", "apple", "dorothy apple", "APPLEGATE", "d.apple@", "apple medford", "Bridge St"]
)
def test_a_customer_is_found_by_any_scrap(typed: str) -> None:
    make.a_customer(
        name="Dorothy Applegate", number="10777", email="d.apple@home.test", city="Medford", street="12 Bridge St"
    )
    assert "Dorothy Applegate" in found(make.a_staff_user(), typed)


def test_every_word_must_fit() -> None:
    make.a_customer(name="Dorothy Applegate", city="Medford")
    assert found(make.a_staff_user(), "dorothy ashland") == []


def test_a_domain_is_found_in_unicode_and_as_it_is_stored() -> None:
    make.a_domain("xn--bcher-kva.example")
    staff = make.a_staff_user()
    assert found(staff, "bücher.example") == ["bücher.example"]
    assert found(staff, "bcher-k") == ["bücher.example"]


def test_mailboxes_and_aliases_are_found_by_address_name_and_target() -> None:
    make.a_mailbox("walt@feed.example", name="Walter Boone")
    make.an_alias("sales@feed.example", targets=["someone@elsewhere.test"])
    staff = make.a_staff_user()
    assert found(staff, "walt@fe") == ["walt@feed.example"]
    assert found(staff, "boone") == ["walt@feed.example"]
    assert found(staff, "elsewhere") == ["sales@feed.example"]


def test_what_is_exactly_that_comes_first_then_what_begins_so() -> None:
    for address in ("xann@a.example", "ann@a.example", "anna@a.example"):
        make.a_mailbox(address)
    titles = found(make.a_staff_user(), "ann@a.example")
    assert titles[0] == "ann@a.example"
    assert found(make.a_staff_user(), "ann")[:2] == ["ann@a.example", "anna@a.example"]


def test_nobody_finds_what_is_not_his() -> None:
    mine = make.a_mailbox("walt@mine.example", name="Walt")
    make.a_mailbox("walt@foreign.example", name="Walt")
    make.an_alias("waltz@foreign.example")
    make.a_customer(name="Walt Disney")

    assert set(found(make.a_domain_admin(mine.domain), "walt")) == {"walt@mine.example"}
    assert found(mine.user, "walt") == ["walt@mine.example"]
    assert found(make.a_user("nobody@x.example"), "walt") == []


@pytest.mark.parametrize("typed", ["", "   ", "\0", "%", "_", "'; drop table", "a" * 500, "é" * 50, "@", "\\"])
def test_odd_searches_find_nothing_and_break_nothing(client, typed: str) -> None:
    make.a_mailbox("walt@feed.example")
    client.force_login(make.a_staff_user())
    response = client.get(reverse("accounts:search"), {"q": typed})
    assert response.status_code == 200
    assert b"walt@feed.example" not in response.content or typed in {"@"}


@pytest.mark.parametrize("typed", ["", "\0", "%", "'", "a" * 500, "İ"])
@pytest.mark.parametrize("kind", ["domain", "customer"])
def test_odd_beginnings_suggest_something_or_nothing(client, kind: str, typed: str) -> None:
    client.force_login(make.a_staff_user())
    assert client.get(reverse(f"accounts:{kind}-suggest"), {"q": typed}).status_code == 200


def test_enter_goes_straight_to_what_is_exactly_that(client) -> None:
    mailbox = make.a_mailbox("walt@feed.example")
    client.force_login(make.a_staff_user())
    response = client.get(reverse("accounts:search"), {"q": "walt@feed.example"})
    assert response.url == mailbox.get_absolute_url()


def test_a_fragment_comes_while_typing_and_no_search_takes_more_than_twelve_queries(
    client, django_assert_max_num_queries
) -> None:
    for _ in range(20):
        make.a_mailbox()
        make.an_alias()
    client.force_login(make.an_owner())
    with django_assert_max_num_queries(12):
        response = client.get(reverse("accounts:search"), {"q": "555 an"}, headers={"HX-Request": "true"})
    assert b"<html" not in response.content
