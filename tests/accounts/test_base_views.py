"""What every page is made of: three locks, forms that keep what was typed, lists that no URL breaks."""

from __future__ import annotations

import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.forms.base import PortalForm
from accounts.forms.choices import CustomerChoiceField, DomainChoiceField
from accounts.models import Customer, Domain, User
from accounts.views.base import DetailPage, ScopedView
from accounts.views.forms import FormPage
from roguelink.db.keyset import PAGE_SIZE
from tests import factories as make

pytestmark = pytest.mark.django_db


def asked_by(user: User, method: str = "get", **data: str):
    """A request as the middleware leaves it."""
    request = getattr(RequestFactory(), method)("/", data)
    request.user, request.htmx = user, False
    request.session, request._messages = {}, type("", (), {"add": lambda *args: None})()
    return request


class TestTheFirstLock:
    """What is out of scope does not exist."""

    class Page(DetailPage):
        action = "domain.view"
        model = Domain

        def render(self, context, **kwargs):
            return context["object"]

    def test_a_page_shows_what_the_person_may_see(self) -> None:
        domain = make.a_domain()
        assert self.Page.as_view()(asked_by(make.a_domain_admin(domain)), pk=domain.pk) == domain

    @pytest.mark.parametrize("pk", [None, 0, -1, 10**30])
    def test_anything_else_is_404(self, client, pk: int | None) -> None:
        foreign = make.a_domain()
        client.force_login(make.a_domain_admin())
        assert client.get(f"/domains/{foreign.pk if pk is None else pk}/").status_code == 404

    def test_a_model_without_a_scope_has_no_page(self) -> None:
        class Page(ScopedView):
            action = "domain.view"

        view = Page()
        view.setup(asked_by(make.a_staff_user()))
        with pytest.raises(AttributeError):
            view.scoped(Session)

    def test_a_view_without_an_action_cannot_be_mounted(self) -> None:
        with pytest.raises(ImproperlyConfigured):
            ScopedView.as_view()

    def test_an_action_that_is_not_in_the_table_is_a_mistake_and_not_a_no(self) -> None:
        with pytest.raises(KeyError):
            ScopedView.as_view(action="domain.vieww")(asked_by(make.a_staff_user()))


class TestTheSecondLock:
    """A form offers what is in scope, and takes nothing else."""

    class Form(PortalForm):
        domain = DomainChoiceField(required=False)
        customer = CustomerChoiceField(required=False)

    def test_a_foreign_object_is_no_choice_whatever_is_sent(self) -> None:
        mine, foreign = make.a_domain("mine.example"), make.a_domain("foreign.example")
        admin = make.a_domain_admin(mine)
        form = self.Form({"domain": "foreign.example", "customer": foreign.customer.number}, user=admin)
        assert set(form.errors) == {"domain", "customer"}
        assert self.Form({"domain": "Mine.Example"}, user=admin).is_valid()

    def test_a_foreign_object_and_one_that_is_not_there_are_answered_alike(self) -> None:
        make.a_domain("foreign.example")
        admin = make.a_domain_admin()
        answers = {name: self.Form({"domain": name}, user=admin).errors["domain"] for name in
                   ("foreign.example", "nowhere.example", "nonsense", "a b")}  # fmt: skip
        assert len({str(answer) for answer in answers.values()}) == 1

    def test_any_choice_of_objects_is_narrowed(self) -> None:
        class Anything(PortalForm):
            customer = forms.ModelChoiceField(queryset=Customer._default_manager.all())

        customer = make.a_customer()
        assert Anything({"customer": customer.pk}, user=make.a_user()).errors
        assert not Anything({"customer": customer.pk}, user=make.a_staff_user()).errors


class TestTheThirdLock:
    """What was saved must still be in scope, or nothing was saved."""

    def test_a_careless_view_saves_nothing_outside_the_scope(self) -> None:
        class Careless(FormPage):
            action = "domain.view"
            form_class = PortalForm

            def perform(self, form):
                return make.a_domain("stolen.example")

        admin = make.a_domain_admin()
        with pytest.raises(PermissionDenied):
            Careless.as_view()(asked_by(admin, "post", submission=str(uuid.uuid4())))
        assert not Domain.objects.filter(name="stolen.example").exists()


class TestSigningInFirst:
    def test_a_page_leads_to_the_sign_in_and_back(self, client) -> None:
        response = client.get("/domains/?q=x")
        assert response.status_code == 302
        assert "next=/domains/%3Fq%3Dx" in response.url

    def test_a_fragment_does_not_put_the_sign_in_page_into_another(self, client) -> None:
        response = client.get("/domains/", headers={"HX-Request": "true"})
        assert response.status_code == 204
        assert "next=" in response["HX-Redirect"]


class TestLists:
    @pytest.mark.parametrize(
        "query",
        ["sort=--name", "sort=", "sort=id", "sort=customer__notes", "after=x&before=y", "after=%00", "before=%ff",
         "state=nonsense", "q=%00", "kind=%27", "format=xml", "page=2", "q=" + "a" * 5000, "after=" + "A" * 3000],
    )  # fmt: skip
    def test_no_url_breaks_a_list(self, client, query: str) -> None:
        make.a_domain("one.example")
        client.force_login(make.a_staff_user())
        assert client.get(f"/domains/?{query}").status_code == 200

    def test_a_filter_is_kept_from_page_to_page_and_the_page_is_forgotten_by_an_export(self, client) -> None:
        for n in range(PAGE_SIZE + 10):
            make.a_domain(f"d{n:02}.example")
        client.force_login(make.a_staff_user())
        context = client.get("/domains/", {"q": "example", "sort": "-name"}).context
        second = client.get(context["page"].next_url).context
        assert [domain.name for domain in second["page"].objects][-1] == "d00.example"
        assert "after=" not in second["export_url"]
        assert "q=example" in second["export_url"]
        export = client.get(second["export_url"]).getvalue().decode()
        assert export.count("\r\n") == PAGE_SIZE + 10 + 1

    def test_htmx_gets_the_rows_alone_and_history_the_whole_page(self, client) -> None:
        client.force_login(make.a_staff_user())
        rows = client.get("/domains/", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in rows
        assert 'id="list"' in rows
        back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
        assert "<html" in client.get("/domains/", headers=back).content.decode()

    def test_a_word_in_the_url_that_is_no_filter_does_not_make_an_empty_list_say_nothing_matches(self, client) -> None:
        client.force_login(make.a_staff_user())
        assert "No domains yet" in client.get("/domains/?utm_source=x").content.decode()


class TestForms:
    def test_a_token_that_is_none_is_no_crash(self, client) -> None:
        client.force_login(make.a_staff_user())
        data = {"name": "A", "kind": "person", "country": "US", "submission": "nonsense", "version": "x"}
        assert client.post("/customers/new/", data).status_code in {302, 422}

    def test_a_refused_form_can_be_sent_again_with_the_same_token(self, client) -> None:
        make.a_customer(number="10777")
        client.force_login(make.a_staff_user())
        token = str(uuid.uuid4())
        data = {"name": "A", "kind": "person", "country": "US", "submission": token, "number": "10777"}
        assert client.post("/customers/new/", data).status_code == 422
        assert client.post("/customers/new/", data | {"number": ""}).status_code == 302

    def test_an_object_removed_while_its_form_was_open_says_so(self, client, monkeypatch) -> None:
        customer = make.a_customer()
        client.force_login(make.a_staff_user())
        find = FormPage.find_object

        def gone(self, **kwargs):
            found = find(self, **kwargs)
            Customer.objects.all().delete()
            return found

        monkeypatch.setattr(FormPage, "find_object", gone)
        data = {"name": "A", "kind": "person", "country": "US", "version": "1"}
        response = client.post(reverse("accounts:customer-edit", args=[customer.pk]), data)
        assert response.status_code == 422
        assert "removed this in the meantime" in response.content.decode()


class TestWhoWasSignedOutMeanwhile:
    def back_from_sign_in(self, client, address: str, **headers: str) -> str:
        response = client.post(address, headers=headers)
        return parse_qs(urlsplit(response.url).query)["next"][0]

    @pytest.mark.parametrize(
        ("origin", "back"),
        [
            ("http://testserver/mailboxes/?q=walt", "/mailboxes/?q=walt"),
            ("http://testserver/mailboxes/bulk/", "/"),
            ("http://testserver/nowhere/", "/"),
            ("https://evil.example/mailboxes/", "/"),
            ("", "/"),
        ],
    )
    def test_comes_back_to_a_page_and_not_to_what_only_takes_forms(self, client, origin: str, back: str) -> None:
        assert self.back_from_sign_in(client, "/mailboxes/bulk/", referer=origin) == back

    def test_comes_back_to_the_form_and_reads_that_nothing_was_done(self, client) -> None:
        assert self.back_from_sign_in(client, "/mailboxes/new/?domain=5") == "/mailboxes/new/?domain=5"
        assert "was not done" in client.get("/sign-in/").content.decode()

    def test_no_address_answers_with_an_empty_page(self, client) -> None:
        client.force_login(make.a_staff_user())
        response = client.get("/mailboxes/bulk/")
        assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
        assert "nothing was changed" in response.content.decode()

    def test_a_form_that_is_too_old_is_refused_in_words(self) -> None:
        response = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "x", "password": "y"})
        assert response.status_code == 403
        assert "load it again" in response.content.decode()
