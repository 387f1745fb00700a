"""What can be done to an alias and to an alias domain, by whom, and what comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Domain, User
from mail.errors import AliasError
from mail.models import Alias, AliasDomain, AliasTarget
from mail.services import aliases
from roguelink.errors import NotAllowed, ServiceError, StaleObject
from tests import factories as make
from tests.mail.racing import at_once

pytestmark = pytest.mark.django_db


def create(actor: User, domain: Domain, local_part: str = "sales", **fields: Any) -> Alias:
    return aliases.create_alias(
        actor, domain=domain, local_part=local_part, **{"targets": ["ann@elsewhere.test"]} | fields
    )


def change(actor: User, alias: Alias, **fields: Any) -> Alias:
    usual = {
        "version": alias.version,
        "targets": [target.target for target in alias.targets.all()],
        "is_active": alias.is_active,
        "expires_at": alias.expires_at,
        "note": alias.note,
    }
    return aliases.change_alias(actor, alias=alias, **usual | fields)


def targets_of(alias: Alias) -> set[str]:
    return set(AliasTarget.objects.filter(alias=alias).values_list("target", flat=True))


def refused(call: Any, *args: Any, **kwargs: Any) -> ServiceError:
    with pytest.raises(ServiceError) as error:
        call(*args, **kwargs)
    return error.value


class TestCreating:
    def test_it_leads_to_its_targets_one_row_each(self) -> None:
        until = timezone.now() + timedelta(days=3)
        alias = create(
            make.a_staff_user(),
            make.a_domain("feed.example"),
            "Sales",
            targets=["Ann@Elsewhere.test", "bob@feed.example", "ann@elsewhere.test"],
            expires_at=until,
            note="for the fair",
        )
        assert (alias.address, alias.expires_at, alias.note) == ("sales@feed.example", until, "for the fair")
        assert targets_of(alias) == {"ann@elsewhere.test", "bob@feed.example"}

    def test_it_needs_a_target(self) -> None:
        assert refused(create, make.a_staff_user(), make.a_domain(), targets=[]).field == "targets"

    @pytest.mark.parametrize("target", ["sales@feed.example", "SALES@feed.example", "sales+x@feed.example"])
    def test_it_cannot_lead_to_itself(self, target: str) -> None:
        error = refused(create, make.a_staff_user(), make.a_domain("feed.example"), targets=[target])
        assert error.message == "An alias cannot lead to itself."
        assert error.field == "targets"

    def test_a_circle_is_refused_with_its_way_and_nothing_is_made(self) -> None:
        back = make.an_alias("back@feed.example", targets=["sales@feed.example"])
        error = refused(create, make.a_staff_user(), back.domain, targets=["back@feed.example"])
        assert "sales@feed.example → back@feed.example → sales@feed.example" in error.message
        assert not Alias.objects.filter(address="sales@feed.example").exists()

    def test_a_mailbox_of_that_address_is_explained_with_what_to_do(self) -> None:
        mailbox = make.a_mailbox("sales@feed.example")
        error = refused(create, make.a_staff_user(), mailbox.domain)
        assert "is a mailbox already" in error.message
        assert "forwarding" in error.message
        assert error.field == "local_part"

    def test_an_alias_of_that_address_is_explained_with_where_it_leads(self) -> None:
        there = make.an_alias("sales@feed.example", targets=["bob@elsewhere.test"])
        error = refused(create, make.a_staff_user(), there.domain)
        assert "leads to bob@elsewhere.test" in error.message
        assert "Change that one" in error.message

    def test_tombstones_keep_their_address_and_are_explained(self) -> None:
        domain = make.a_domain("feed.example")
        make.an_alias("sales@feed.example", deleted_at=timezone.now())
        make.a_mailbox("joe@feed.example", deleted_at=timezone.now())
        for local_part in ("sales", "joe"):
            assert "brought back" in refused(create, make.a_staff_user(), domain, local_part).message

    def test_a_note_longer_than_its_column_is_refused_at_its_field(self) -> None:
        assert refused(create, make.a_staff_user(), make.a_domain(), note="x" * 201).field == "note"

    @pytest.mark.parametrize("end", ["9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00+01:00"])
    def test_an_end_that_the_database_could_not_give_back_is_refused(self, end: str) -> None:
        staff, alias = make.a_staff_user(), make.an_alias()
        moment = datetime.fromisoformat(end)
        assert refused(create, staff, alias.domain, "fair", expires_at=moment).field == "expires_at"
        assert refused(change, staff, alias, expires_at=moment).field == "expires_at"
        assert list(Alias.objects.all()) == [alias]

    def test_an_end_in_a_zone_that_postgresql_does_not_know_is_the_same_moment(self) -> None:
        end = datetime.fromisoformat("2031-01-01T00:00:00-23:59")
        alias = create(make.a_staff_user(), make.a_domain(), expires_at=end)
        alias.refresh_from_db()
        assert alias.expires_at == end

    @pytest.mark.parametrize("fields", [{"kind": "relay"}, {"status": "suspended"}, {"deleted_at": timezone.now()}])
    def test_a_domain_that_would_not_serve_it_is_refused(self, fields: dict[str, Any]) -> None:
        assert refused(create, make.a_staff_user(), make.a_domain(**fields)).field == "domain"

    def test_targets_elsewhere_only_where_the_domain_allows_them(self) -> None:
        make.a_domain("ours.example")
        domain = make.a_domain("feed.example", external_forwards_allowed=False)
        error = refused(create, make.a_staff_user(), domain, targets=["a@ours.example", "b@elsewhere.test"])
        assert error.field == "targets"
        assert error.message.endswith("addresses elsewhere: b@elsewhere.test.")
        create(make.a_staff_user(), domain, targets=["a@ours.example"])


class TestCatchAll:
    def test_it_has_nothing_before_the_at(self) -> None:
        domain = make.a_domain("feed.example", catch_all_allowed=True)
        alias = create(make.a_staff_user(), domain, "", catch_all=True)
        assert alias.is_catch_all
        assert alias.address == "@feed.example"

    def test_a_local_part_beside_it_is_refused_rather_than_ignored(self) -> None:
        domain = make.a_domain(catch_all_allowed=True)
        assert refused(create, make.a_staff_user(), domain, "sales", catch_all=True).field == "local_part"

    def test_it_is_refused_where_the_domain_allows_none(self) -> None:
        assert "not allowed" in refused(create, make.a_staff_user(), make.a_domain(), "", catch_all=True).message

    def test_an_empty_address_makes_none_by_accident(self) -> None:
        assert refused(create, make.a_staff_user(), make.a_domain(catch_all_allowed=True), "").field == "local_part"

    def test_one_that_was_deleted_does_not_come_back_where_none_is_allowed_by_now(self) -> None:
        alias = make.a_catch_all(make.a_domain(), deleted_at=timezone.now())
        assert "not allowed" in refused(aliases.restore_alias, make.a_staff_user(), alias=alias).message


class TestWhoMay:
    ACTIONS = {
        "create": lambda actor, alias: create(actor, alias.domain, "another"),
        "change": lambda actor, alias: change(actor, alias, note="new"),
        "delete": lambda actor, alias: aliases.delete_alias(actor, alias=alias),
        "restore": lambda actor, alias: aliases.restore_alias(actor, alias=alias),
    }

    @pytest.mark.parametrize("action", ACTIONS)
    def test_strangers_may_not(self, action: str) -> None:
        alias = make.an_alias()
        owner_of_a_mailbox = make.a_mailbox(domain=alias.domain).user
        without_switch = make.a_domain_admin(alias.domain, manage_aliases=False)
        for actor in (make.a_user(), owner_of_a_mailbox, make.a_domain_admin(), without_switch):
            with pytest.raises(NotAllowed):
                self.ACTIONS[action](actor, alias)

    @pytest.mark.parametrize("action", ACTIONS)
    def test_its_administrator_and_staff_may(self, action: str) -> None:
        for who in ("admin", "staff"):
            alias = make.an_alias()
            actor = make.a_domain_admin(alias.domain) if who == "admin" else make.a_staff_user()
            self.ACTIONS[action](actor, alias)

    def test_only_staff_let_a_domain_stand_for_another(self) -> None:
        domain, target = make.a_domain(), make.a_domain()
        admin = make.a_domain_admin(domain)
        make.a_domain_admin(target, user=admin)
        with pytest.raises(NotAllowed):
            aliases.create_alias_domain(User.objects.get(pk=admin.pk), domain=domain, target=target)


class TestChanging:
    def test_targets_become_exactly_those_and_unchanged_ones_keep_their_row(self) -> None:
        alias = make.an_alias(targets=["ann@elsewhere.test", "bob@elsewhere.test"])
        kept = alias.targets.get(target="ann@elsewhere.test")
        change(make.a_staff_user(), alias, targets=["ann@elsewhere.test", "eve@elsewhere.test"], note="n")
        assert targets_of(alias) == {"ann@elsewhere.test", "eve@elsewhere.test"}
        assert alias.targets.get(target="ann@elsewhere.test").pk == kept.pk
        assert (alias.note, alias.version) == ("n", 2)

    def test_a_form_older_than_the_alias_changes_nothing_and_shows_its_targets_as_they_are(self) -> None:
        alias = make.an_alias(targets=["ann@elsewhere.test"])
        Alias.objects.update(version=2)
        with pytest.raises(StaleObject) as error:
            change(make.a_staff_user(), alias, targets=["eve@elsewhere.test"], note="mine")
        assert error.value.current["targets"] == ["ann@elsewhere.test"]
        assert error.value.current["note"] == ""
        assert targets_of(alias) == {"ann@elsewhere.test"}

    def test_switching_one_on_that_closes_a_circle_is_refused(self) -> None:
        alias = make.an_alias("sales@feed.example", targets=["back@feed.example"], is_active=False)
        make.an_alias("back@feed.example", targets=["sales@feed.example"])
        assert "circle" in refused(change, make.a_staff_user(), alias, is_active=True).message
        assert not Alias.objects.get(pk=alias.pk).is_active

    def test_a_deleted_one_is_not_changed(self) -> None:
        with pytest.raises(NotAllowed, match="Bring it back first"):
            change(make.a_staff_user(), make.an_alias(deleted_at=timezone.now()), note="new")


class TestDeletingAndBringingBack:
    def test_it_comes_back_as_it_was(self) -> None:
        staff, alias = make.a_staff_user(), make.an_alias(targets=["ann@elsewhere.test"], is_active=False)
        aliases.delete_alias(staff, alias=alias)
        assert alias.is_deleted
        aliases.restore_alias(staff, alias=alias)
        assert not alias.is_deleted
        assert not alias.is_active
        assert targets_of(alias) == {"ann@elsewhere.test"}

    def test_it_does_not_come_back_into_a_domain_that_is_full_by_now(self) -> None:
        domain = make.a_domain(max_aliases=1)
        alias = make.an_alias(domain=domain, deleted_at=timezone.now())
        make.an_alias(domain=domain)
        with pytest.raises(AliasError, match="may have 1 aliases"):
            aliases.restore_alias(make.a_staff_user(), alias=alias)

    def test_it_does_not_come_back_where_its_targets_are_no_longer_allowed(self) -> None:
        domain = make.a_domain(external_forwards_allowed=False)
        alias = make.an_alias(domain=domain, targets=["ann@elsewhere.test"], deleted_at=timezone.now())
        with pytest.raises(AliasError, match="may not be sent"):
            aliases.restore_alias(make.a_staff_user(), alias=alias)

    def test_it_does_not_come_back_where_it_would_close_a_circle(self) -> None:
        alias = make.an_alias("sales@feed.example", targets=["back@feed.example"], deleted_at=timezone.now())
        make.an_alias("back@feed.example", targets=["sales@feed.example"])
        with pytest.raises(AliasError, match="circle"):
            aliases.restore_alias(make.a_staff_user(), alias=alias)
        assert Alias.objects.get(pk=alias.pk).is_deleted

    def test_deleting_for_good_frees_the_address_at_once(self) -> None:
        staff, alias = make.a_staff_user(), make.an_alias("sales@feed.example", deleted_at=timezone.now())
        aliases.purge_alias(staff, alias=alias)
        create(staff, alias.domain, "sales")

    def test_what_is_not_deleted_is_not_deleted_for_good(self) -> None:
        with pytest.raises(AliasError, match="Delete it first"):
            aliases.purge_alias(make.a_staff_user(), alias=make.an_alias())


class TestAliasDomains:
    def test_a_domain_stands_for_another(self) -> None:
        domain, target = make.a_domain("short.example"), make.a_domain("long.example")
        alias_domain = aliases.create_alias_domain(make.a_staff_user(), domain=domain, target=target)
        assert str(alias_domain) == "short.example = long.example"

    def test_never_for_itself_nor_in_a_chain_nor_twice(self) -> None:
        staff = make.a_staff_user()
        a, b, c = make.a_domain("a.example"), make.a_domain("b.example"), make.a_domain("c.example")
        make.an_alias_domain(a, b)
        for domain, target, field in ((c, c, "target"), (a, c, "domain"), (c, a, "target"), (b, c, "domain")):
            assert refused(aliases.create_alias_domain, staff, domain=domain, target=target).field == field
        assert AliasDomain.objects.count() == 1

    @pytest.mark.parametrize("fields", [{"kind": "relay"}, {"status": "suspended"}, {"deleted_at": timezone.now()}])
    def test_both_domains_must_be_served(self, fields: dict[str, Any]) -> None:
        good, bad = make.a_domain(), make.a_domain(**fields)
        for domain, target in ((good, bad), (bad, good)):
            with pytest.raises(AliasError):
                aliases.create_alias_domain(make.a_staff_user(), domain=domain, target=target)

    def test_it_is_switched_off_and_removed(self) -> None:
        staff, alias_domain = make.a_staff_user(), make.an_alias_domain()
        aliases.change_alias_domain(staff, alias_domain=alias_domain, version=1, is_active=False)
        assert not alias_domain.is_active
        with pytest.raises(StaleObject):
            aliases.change_alias_domain(staff, alias_domain=alias_domain, version=1, is_active=True)
        aliases.delete_alias_domain(staff, alias_domain=alias_domain)
        assert not AliasDomain.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_the_last_place_of_a_domain_is_given_once(self) -> None:
        domain = make.a_domain(max_aliases=2)
        at_once(lambda actor, n: create(actor, domain, f"sales{n}"), times=4)
        assert Alias.objects.filter(domain=domain).count() == 2

    def test_two_domains_do_not_come_to_stand_for_each_other(self) -> None:
        pair = [make.a_domain(), make.a_domain()]
        at_once(
            lambda actor, n: aliases.create_alias_domain(actor, domain=pair[n], target=pair[1 - n]),
            times=2,
        )
        assert AliasDomain.objects.count() == 1

    def test_one_alias_domain_is_made_once(self) -> None:
        domain, targets = make.a_domain(), [make.a_domain() for _ in range(3)]
        at_once(lambda actor, n: aliases.create_alias_domain(actor, domain=domain, target=targets[n]), times=3)
        assert AliasDomain.objects.count() == 1
