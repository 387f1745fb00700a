"""Domains given to people to administer."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import LoginError
from accounts.models import DomainAdmin, User
from accounts.services import grants
from roguelink.errors import NotAllowed, StaleObject
from tests import factories as make

pytestmark = pytest.mark.django_db

ALL_ON = {"manage_mailboxes": "on", "manage_aliases": "on", "reset_passwords": "on", "set_quotas": "on"}


@pytest.fixture
def hotline(client):
    client.force_login(make.a_staff_user())
    return client


def new(domain) -> str:
    return reverse("accounts:grant-create", args=[domain.pk])


class TestGiving:
    def test_to_a_login_that_exists(self, hotline) -> None:
        domain, user = make.a_domain(), make.a_user("walt@home.example")
        response = hotline.post(new(domain), {"email": " Walt@HOME.example ", "manage_mailboxes": "on"})
        assert response.url == domain.get_absolute_url()
        grant = DomainAdmin.objects.get()
        assert grant.user == user
        assert [getattr(grant, name) for name in DomainAdmin.SWITCHES] == [True, False, False, False]

    def test_to_a_new_login_whose_password_is_shown_once(self, hotline) -> None:
        domain = make.a_domain()
        token = str(hotline.get(new(domain)).context["form"]["submission"].value())
        data = {"email": "new@home.example", "submission": token, **ALL_ON}
        response = hotline.post(new(domain), data)
        assert response["Cache-Control"] == "no-store"
        password = re.search(r'id="credential-password">([^<]+)<', response.content.decode())[1]
        user = User.objects.get(email="new@home.example")
        assert user.check_password(password)
        assert user.level.name == "DOMAIN_ADMIN"

        again = hotline.post(new(domain), data)
        assert again.url == domain.get_absolute_url()
        assert password not in hotline.get(again.url).content.decode()

    @pytest.mark.parametrize(
        ("email", "reason"),
        [
            ("staff@roguelink.example", "Staff see every domain"),
            ("off@home.example", "disabled"),
            ("has@home.example", "administers this domain already"),
            ("nonsense", "no e-mail address"),
            ("a b@home.example", "no e-mail address"),
            ("@home.example", "no e-mail address"),
        ],
    )
    def test_refused_with_the_reason_at_the_field(self, hotline, email: str, reason: str) -> None:
        domain = make.a_domain()
        make.a_staff_user("staff@roguelink.example")
        make.a_user("off@home.example", is_active=False)
        make.a_domain_admin(domain, user=make.a_user("has@home.example"))
        people = User.objects.count()
        response = hotline.post(new(domain), {"email": email, **ALL_ON})
        assert response.status_code == 422
        assert reason in response.context["form"].errors["email"][0]
        assert User.objects.count() == people

    def test_a_deleted_domain_is_given_to_nobody(self) -> None:
        with pytest.raises(NotAllowed):
            grants.grant_domain(
                make.a_staff_user(), domain=make.a_domain(deleted_at=timezone.now()), email="x@home.example"
            )


class TestChangingAndTakingBack:
    def test_switches(self, hotline) -> None:
        domain = make.a_domain()
        make.a_domain_admin(domain)
        grant = DomainAdmin.objects.get()
        url = reverse("accounts:grant-edit", args=[domain.pk, grant.pk])
        hotline.post(url, {"set_quotas": "on", "version": grant.version})
        grant.refresh_from_db()
        assert [getattr(grant, name) for name in DomainAdmin.SWITCHES] == [False, False, False, True]

    def test_an_older_form_does_not_give_back_what_was_taken(self) -> None:
        make.a_domain_admin()
        grant, staff = DomainAdmin.objects.get(), make.a_staff_user()
        grants.change_grant(staff, grant=grant, version=1, set_quotas=False)
        with pytest.raises(StaleObject):
            grants.change_grant(staff, grant=grant, version=1, set_quotas=True)
        grant.refresh_from_db()
        assert not grant.set_quotas

    def test_taken_back_the_login_stays(self, hotline) -> None:
        domain = make.a_domain()
        admin = make.a_domain_admin(domain)
        grant = DomainAdmin.objects.get()
        hotline.post(reverse("accounts:grant-revoke", args=[domain.pk, grant.pk]))
        assert User.objects.get(pk=admin.pk).level.name == "USER"

    def test_a_grant_of_another_domain_is_not_found_under_this_one(self, hotline) -> None:
        make.a_domain_admin()
        url = reverse("accounts:grant-revoke", args=[make.a_domain().pk, DomainAdmin.objects.get().pk])
        assert hotline.post(url).status_code == 404
        assert DomainAdmin.objects.exists()

    def test_an_administrator_gives_his_domain_to_nobody(self, client) -> None:
        domain = make.a_domain()
        admin = make.a_domain_admin(domain)
        client.force_login(admin)
        assert client.post(new(domain), {"email": "friend@home.example", **ALL_ON}).status_code == 403
        for call in (
            lambda: grants.grant_domain(admin, domain=domain, email="friend@home.example"),
            lambda: grants.change_grant(admin, grant=DomainAdmin.objects.get(), version=None, set_quotas=True),
            lambda: grants.revoke_grant(admin, grant=DomainAdmin.objects.get()),
        ):
            with pytest.raises((NotAllowed, LoginError)):
                call()
