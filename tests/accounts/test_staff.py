"""The people at the desk, kept by the owner."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import reverse

from accounts.errors import LoginError
from accounts.models import SecondFactor, User
from accounts.services import staff
from roguelink.errors import NotAllowed
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make.an_owner()


@pytest.fixture
def desk(client, owner):
    client.force_login(owner)
    return client


def page(name: str, user: User) -> str:
    return reverse(f"accounts:staff-{name}", args=[user.pk])


def with_a_second_factor(user: User) -> User:
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    return user


class TestWhoMay:
    @pytest.mark.parametrize("somebody", [make.a_staff_user, make.a_domain_admin, make.a_user])
    def test_nobody_but_the_owner(self, client, somebody) -> None:
        person, other = somebody(), make.a_staff_user()
        client.force_login(person)
        for url in ("/staff/", "/staff/new/", page("edit", other), page("password", other), page("factors", other)):
            assert client.get(url).status_code == 403
        with pytest.raises(NotAllowed):
            staff.create_staff(person, email="me@roguelink.example", is_superuser=True)
        with pytest.raises(NotAllowed):
            staff.change_staff(person, user=person, version=None, name="", is_superuser=True, is_active=True)

    def test_a_login_that_is_not_staff_is_not_found_here(self, desk, owner) -> None:
        user = make.a_user()
        assert desk.get(page("edit", user)).status_code == 404
        for call in (
            lambda: staff.change_staff(owner, user=user, version=None, name="", is_superuser=True, is_active=True),
            lambda: staff.renew_staff_password(owner, user=user),
            lambda: staff.remove_second_factors(owner, user=user),
        ):
            with pytest.raises(NotAllowed):
                call()


class TestKeeping:
    def test_the_list_shows_who_has_only_a_password(self, desk) -> None:
        with_a_second_factor(make.a_staff_user("safe@roguelink.example"))
        make.a_staff_user("bare@roguelink.example")
        make.a_user("customer@home.example")
        shown = {user.email: user.has_factor for user in desk.get("/staff/").context["page"].objects}
        assert shown["safe@roguelink.example"]
        assert not shown["bare@roguelink.example"]
        assert "customer@home.example" not in shown

    @pytest.mark.parametrize("rows", [3, 60])
    def test_the_list_costs_the_same_however_long_it_is(self, desk, rows: int, django_assert_max_num_queries) -> None:
        for _ in range(rows):
            make.a_staff_user()
        with django_assert_max_num_queries(6):
            desk.get("/staff/")

    def test_a_new_login_and_its_password_shown_once(self, desk) -> None:
        response = desk.post("/staff/new/", {"email": "Tom@RogueLink.example", "name": "Tom"})
        password = re.search(r'id="credential-password">([^<]+)<', response.content.decode())[1]
        user = User.objects.get(email="tom@roguelink.example")
        assert user.is_staff
        assert not user.is_superuser
        assert user.check_password(password)
        assert response["Cache-Control"] == "no-store"

    def test_an_address_in_use_is_refused_at_the_field(self, desk) -> None:
        make.a_user("tom@roguelink.example")
        response = desk.post("/staff/new/", {"email": "tom@roguelink.example", "name": "Tom"})
        assert response.status_code == 422
        assert "email" in response.context["form"].errors

    def test_a_disabled_login_is_signed_out_everywhere(self, desk, owner) -> None:
        user = make.a_staff_user()
        UserSession.objects.create(user=user, session_key="k", ip="127.0.0.1", user_agent="")
        desk.post(page("edit", user), {"name": "Tom", "version": user.version})
        user.refresh_from_db()
        assert not user.is_active
        assert not UserSession.objects.filter(user=user).exists()

    def test_a_new_password_ends_the_old_one(self, desk) -> None:
        user = make.a_staff_user()
        response = desk.post(page("password", user))
        password = re.search(r'id="credential-password">([^<]+)<', response.content.decode())[1]
        user = User.objects.get(pk=user.pk)
        assert user.check_password(password)
        assert not user.check_password(make.PASSWORD)

    def test_second_factors_are_removed_for_somebody_who_lost_them(self, desk) -> None:
        user = with_a_second_factor(make.a_staff_user())
        desk.post(page("factors", user))
        assert not Authenticator.objects.filter(user=user).exists()

    def test_the_log_says_who_removed_them_and_keeps_no_secret(self, desk, owner) -> None:
        user = with_a_second_factor(make.a_staff_user())
        desk.post(page("factors", user))
        text = desk.get("/log/").content.decode()
        assert f"TOTP Authenticator of login {user.pk}" in text
        removed = SecondFactor.pgh_event_model.objects.get(pgh_label="delete")
        assert removed.pgh_context["user"] == owner.pk
        assert not hasattr(removed, "data")

    @pytest.mark.parametrize("name", ["password", "factors"])
    def test_ones_own_are_changed_where_the_old_ones_are_asked_for(self, desk, owner, name: str) -> None:
        with_a_second_factor(owner)
        assert desk.post(page(name, owner)).status_code == 403
        assert Authenticator.objects.filter(user=owner).exists()
        assert User.objects.get(pk=owner.pk).check_password(make.PASSWORD)
        assert page(name, owner) not in desk.get(page("edit", owner)).content.decode()


class TestTheLastOwner:
    @pytest.mark.parametrize(("form", "field"), [({}, "is_active"), ({"is_active": "on"}, "is_superuser")])
    def test_can_neither_be_disabled_nor_demoted(self, desk, owner, form: dict[str, str], field: str) -> None:
        make.an_owner(is_active=False)
        response = desk.post(page("edit", owner), {"name": "E", "version": owner.version, **form})
        assert response.status_code == 422
        assert "only owner" in response.context["form"].errors[field][0]
        owner.refresh_from_db()
        assert owner.is_superuser
        assert owner.is_active

    def test_one_of_two_can(self, owner) -> None:
        other = make.an_owner()
        staff.change_staff(owner, user=other, version=None, name="", is_superuser=False, is_active=True)
        with pytest.raises(LoginError):
            staff.change_staff(owner, user=owner, version=None, name="", is_superuser=False, is_active=True)

    def test_an_owner_demoted_meanwhile_changes_nothing_any_more(self, owner) -> None:
        other = make.an_owner()
        User.objects.filter(pk=other.pk).update(is_superuser=False)
        with pytest.raises(NotAllowed):
            staff.change_staff(other, user=owner, version=None, name="", is_superuser=True, is_active=False)
