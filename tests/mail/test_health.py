"""Whether what leads elsewhere arrives."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mail.models import Alias
from mail.services.health import Trouble, findings, leads_back, troubles_of
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
    real = make.a_mailbox("joe@real.example").domain
    make.an_alias_domain(make.a_domain("short.example"), real)
    alias = make.an_alias("sales@feed.example", targets=["anything@caught.example", "joe@short.example"])
    assert troubles(alias) == {}


def test_an_alias_domain_does_not_make_up_who_is_missing_in_the_domain_it_stands_for() -> None:
    make.an_alias_domain(make.a_domain("short.example"), make.a_domain("real.example"))
    alias = make.an_alias("sales@feed.example", targets=["joe@short.example"])
    assert troubles(alias) == {"sales@feed.example": [Trouble.DEAD]}


def test_a_plus_address_of_an_alias_arrives_and_one_of_its_own_leads_to_itself() -> None:
    make.an_alias("press@feed.example")
    alias = make.an_alias("sales@feed.example", targets=["press+sales@feed.example"])
    own = make.an_alias("own@feed.example", targets=["own+x@feed.example"])
    assert troubles(alias, own) == {"own@feed.example": [Trouble.ITSELF]}


def test_whatever_makes_a_target_refuse_mail_is_found() -> None:
    make.a_domain("resting.example", status="suspended")
    make.a_mailbox("joe@resting.example")
    make.a_mailbox(
        "joe@broke.example", domain=make.a_domain("broke.example", customer=make.a_customer(status="suspended"))
    )
    make.an_alias("off@feed.example", is_active=False)
    make.an_alias("past@feed.example", expires_at=timezone.now() - timedelta(days=1))
    targets = ["joe@resting.example", "joe@broke.example", "off@feed.example", "past@feed.example"]
    alias = make.an_alias("sales@feed.example", targets=targets)
    assert troubles(alias) == {"sales@feed.example": [Trouble.SUSPENDED] * 4}


def test_what_another_mail_server_has_is_not_ours_to_judge() -> None:
    make.a_domain("branch.example", kind="relay")
    alias = make.an_alias("sales@feed.example", targets=["joe@branch.example", "joe@elsewhere.test"])
    assert troubles(alias) == {}


def test_any_address_can_be_asked_about_as_the_forwards_of_a_mailbox_are() -> None:
    box = make.a_mailbox("joe@feed.example")
    asked = [box.address, "nobody@feed.example", "friend@elsewhere.test"]
    assert {target: found.trouble for target, found in troubles_of(asked).items()} == {
        "nobody@feed.example": Trouble.DEAD
    }
    assert troubles_of([]) == {}


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


def test_a_circle_through_a_catch_all_is_found_and_an_alias_domain_of_the_same_is_none() -> None:
    domain = make.a_domain("feed.example")
    catch_all = make.a_catch_all(domain, targets=["out@other.example"])
    make.an_alias("out@other.example", targets=["nobody@feed.example"])
    assert leads_back("@feed.example") == ["@feed.example", "out@other.example", "nobody@feed.example", "@feed.example"]

    make.a_mailbox("joe@feed.example")
    make.an_alias_domain(make.a_domain("short.example"), domain)
    catch_all.targets.update(target="joe@short.example")
    assert leads_back("@feed.example") == []


def test_a_thick_web_of_aliases_is_walked_once_and_not_once_a_way() -> None:
    layers, width = 12, 6  # 6 to the 12th ways through it
    for layer in range(layers):
        nexts = [f"l{layer + 1}n{n}@feed.example" for n in range(width)]
        for n in range(width):
            make.an_alias(f"l{layer}n{n}@feed.example", targets=nexts)
    assert leads_back("l0n0@feed.example") == []

    make.an_alias(f"l{layers}n0@feed.example", targets=["l0n0@feed.example"])
    assert len(leads_back("l0n0@feed.example")) == layers + 2


def test_a_page_of_aliases_costs_two_queries(django_assert_num_queries) -> None:
    for _ in range(20):
        make.an_alias(targets=["x@elsewhere.test", "nobody@feed.example"])
    aliases = list(Alias.objects.for_display())
    with django_assert_num_queries(2):
        findings(aliases)
