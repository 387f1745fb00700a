"""Whether what leads elsewhere arrives."""

import pytest
from django.utils import timezone

from mail.models import Alias
from mail.services.health import Trouble, findings, leads_back
from tests import factories as make

pytestmark = pytest.mark.django_db


def troubles(*aliases: Alias) -> dict[str, list[str]]:
    by_id = findings(aliases)
    return {alias.address: [finding.trouble for finding in by_id[alias.pk]] for alias in aliases if alias.pk in by_id}


def test_an_alias_to_a_mailbox_to_outside_or_to_a_plus_address_is_well() -> None:
    box = make.a_mailbox("joe@feed.example")
    alias = make.an_alias("sales@feed.example", targets=[box.address, "x@elsewhere.test", "joe+sales@feed.example"])
    assert troubles(alias) == {}


def test_a_target_that_is_not_there_any_more_is_named() -> None:
    box = make.a_mailbox("joe@feed.example", deleted_at=timezone.now())
    alias = make.an_alias("sales@feed.example", targets=[box.address, "nobody@feed.example"])

    assert troubles(alias) == {"sales@feed.example": [Trouble.DEAD, Trouble.DEAD]}
    assert "joe@feed.example" in findings([alias])[alias.pk][0].text


def test_a_catch_all_or_an_alias_domain_takes_what_would_be_dead() -> None:
    make.a_catch_all(make.a_domain("caught.example"), targets=["x@elsewhere.test"])
    make.a_mailbox("joe@real.example")
    real = make.a_domain("other.example")
    make.an_alias_domain(make.a_domain("short.example"), real)
    alias = make.an_alias("sales@feed.example", targets=["anything@caught.example", "joe@short.example"])
    assert troubles(alias) == {}


def test_a_suspended_target_is_named_as_that() -> None:
    make.a_mailbox("joe@feed.example", status="suspended")
    alias = make.an_alias("sales@feed.example", targets=["joe@feed.example"])
    assert troubles(alias) == {"sales@feed.example": [Trouble.SUSPENDED]}


def test_an_alias_of_itself_and_circles_through_others_are_found() -> None:
    itself = make.an_alias("self@feed.example", targets=["self@feed.example"])
    one = make.an_alias("one@feed.example", targets=["two@feed.example"])
    make.an_alias("two@feed.example", targets=["three@feed.example"])
    three = make.an_alias("three@feed.example", targets=["one@feed.example", "x@elsewhere.test"])

    found = troubles(itself, one, three)

    assert found["self@feed.example"][0] == Trouble.ITSELF
    assert found["one@feed.example"] == [Trouble.LOOP]
    assert leads_back("three@feed.example") == [
        "three@feed.example",
        "one@feed.example",
        "two@feed.example",
        "three@feed.example",
    ]


def test_a_circle_through_a_forward_is_found_and_one_that_is_off_is_none() -> None:
    box = make.a_mailbox("joe@feed.example")
    make.a_forward(box, "all@feed.example")
    alias = make.an_alias("all@feed.example", targets=["joe@feed.example"])
    assert leads_back("all@feed.example")

    Alias.objects.filter(pk=alias.pk).update(is_active=False)
    assert leads_back("all@feed.example") == []


def test_a_page_of_aliases_costs_two_queries(django_assert_num_queries) -> None:
    aliases = [make.an_alias(targets=["x@elsewhere.test", "nobody@feed.example"]) for _ in range(20)]
    with django_assert_num_queries(2):
        findings(aliases)
