"""Ids of foreign objects, in whatever can be sent: as if they did not exist, and nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Customer, User
from accounts.views.bulk import BulkPage
from accounts.views.forms import FormPage
from mail.models import Alias, Mailbox
from tests.permissions import walk, world
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
WALKERS = ("user", "admin", "other")


@pytest.fixture
def made() -> World:
    made = world.build()
    Mailbox.objects.filter(pk=made.foreign.mailbox.pk).update(name="Foreign Person")
    Customer.objects.filter(pk=made.foreign.customer.pk).update(name="Foreign Company")
    return made


def forms_of(made: World, client: Client, walker: str) -> Iterator[tuple[str, Any]]:
    """The address and the form of every page with a form that this person can open, about what is his."""
    for address in walk.addresses():
        if isinstance(address.view, type) and issubclass(address.view, FormPage):
            known = made.arguments(address.name, walker, foreign=False) if address.takes else {}
            url = reverse(address.name, kwargs={name: known[name] for name in address.takes})
            response = client.get(url)
            if response.status_code == 200:
                yield url, response.context["form"]


def foreign_values(made: World, field: forms.ModelChoiceField) -> list[Any]:
    """Everything by which this field could name an object that this person may not see."""
    model = field.queryset.model
    hidden = model._default_manager.exclude(pk__in=field.queryset.values("pk"))
    keys = {"pk", field.to_field_name or "pk"}
    return [value for key in keys for value in hidden.values_list(key, flat=True)]


def as_sent(form: Any) -> dict[str, Any]:
    """What the browser would send if nobody touched the form."""
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False)}


def everything() -> dict[str, list[Any]]:
    """All rows of ours, to be compared with later."""
    ours = [model for app in ("accounts", "mail") for model in apps.get_app_config(app).get_models()]
    rows = {}
    with connection.cursor() as cursor:
        for model in ours:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY 1")
            rows[model._meta.label] = cursor.fetchall()
    return rows


@pytest.mark.parametrize("walker", WALKERS)
def test_no_form_takes_an_object_that_the_person_may_not_see(made: World, walker: str) -> None:
    client = made.client(walker)
    tried = 0
    for url, form in forms_of(made, client, walker):
        for name, field in form.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                for value in foreign_values(made, field):
                    before = everything()
                    response = client.post(url, as_sent(form) | {form.add_prefix(name): value})
                    assert response.status_code == 422, (url, name, value)
                    assert response.context["form"].has_error(name), (url, name, value)
                    assert everything() == before, (url, name, value)
                    tried += 1
    assert tried or walker == "user"


@pytest.mark.parametrize("walker", WALKERS)
def test_a_field_that_the_form_has_not_changes_nothing(made: World, walker: str) -> None:
    """Columns that only others may set, sent along with a form: limits, levels, owners, whole objects."""
    client = made.client(walker)
    extra = {
        **dict.fromkeys(("domain_id", "target_id"), made.foreign.domain.pk),
        **dict.fromkeys(("user", "user_id", "pk", "id"), made.people["owner"].pk),
        **dict.fromkeys(["is_staff", "is_superuser", "is_active"], "on"),
        **dict.fromkeys(["manage_mailboxes", "max_mailboxes", "quota_total_bytes"], "99"),
        "address": "root@foreign.example",
        "email": "owner@roguelink.example",
        "password": "kfrtq-8mzwp-3qxvn",
        "customer": made.foreign.customer.number,
        "customer_id": made.foreign.customer.pk,
    }
    person = made.people[walker]
    for url, form in forms_of(made, client, walker):
        added = {name: value for name, value in extra.items() if name not in form.fields}
        client.post(url, as_sent(form) | added)
    again = User.objects.get(pk=person.pk)
    assert (again.level, set(again.administered)) == (person.level, set(person.administered))
    assert again.email == person.email
    for things in (made.mine, made.foreign):
        owner, domain = things.mailbox.user_id, things.domain
        assert Mailbox.objects.get(pk=things.mailbox.pk).user_id == owner
        domain.refresh_from_db()
        assert domain.max_mailboxes is domain.quota_total_bytes is None
    assert Mailbox.objects.filter(domain=made.foreign.domain).count() == 1


@pytest.mark.parametrize("walker", WALKERS)
@pytest.mark.parametrize("do", ["activate", "suspend", "quota", "delete", "export", "deactivate"])
def test_bulk_actions_drop_foreign_ids(made: World, walker: str, do: str) -> None:
    client, before = made.client(walker), everything()
    for address in walk.addresses():
        if isinstance(address.view, type) and issubclass(address.view, BulkPage):
            model = address.view.list_page.model
            ids = list(model.objects.filter(domain=made.foreign.domain).values_list("pk", flat=True))
            for how in ({"selected": ids}, {"all": "1", "query": "domain=foreign.example"}):
                response = client.post(reverse(address.name), {"do": do, "confirmed": "1", "quota": "1 GB", **how})
                assert response.status_code in {302, 403, 404}
    after = everything()
    del after["accounts.UserEvent"], before["accounts.UserEvent"]  # the sign-in of this test
    assert after == before


@pytest.mark.parametrize("walker", WALKERS)
def test_no_page_names_what_is_foreign(made: World, walker: str) -> None:
    client = made.client(walker)
    for url in questions(made):
        assert names_of_foreign(made, client.get(url), url) == [], url


def test_the_same_questions_find_it_for_staff(made: World) -> None:
    """So that the test above is not content with questions that never find anything."""
    client = made.client("staff")
    assert [url for url in questions(made) if not names_of_foreign(made, client.get(url), url)] == []


def questions(made: World) -> Iterator[str]:
    """Addresses that ask for something foreign by its name, its number or a scrap of it."""
    foreign, customer = made.foreign, made.foreign.customer
    for name in ("mail:mailbox-list", "mail:alias-list", "accounts:domain-list"):
        yield from (f"{reverse(name)}?{query}" for query in ("", "q=foreign", "q=foreign&format=csv", "format=csv"))
    yield from (f"{reverse(name)}?domain=foreign.example" for name in ("mail:mailbox-list", "mail:alias-list"))
    for word in ("foreign", foreign.mailbox.address, "Company", str(foreign.contact.phone)[3:], "Person"):
        yield f"{reverse('accounts:search')}?q={word}"
    yield f"{reverse('accounts:domain-suggest')}?q=foreign"
    yield f"{reverse('accounts:customer-suggest')}?q=Foreign"
    for asked in ("", "domain=foreign.example", f"kind=mailbox&object={foreign.mailbox.pk}", "kind=customer"):
        yield f"{reverse('accounts:log')}?{asked}"
    for name in ("mail:mailbox-create", "mail:alias-create"):
        yield f"{reverse(name)}?domain={foreign.domain.pk}"
    yield f"{reverse('accounts:domain-create')}?customer={customer.pk}"


def names_of_foreign(made: World, response: Any, url: str) -> list[str]:
    """What the answer tells about foreign objects, beside what the question itself said."""
    foreign = made.foreign
    if response.status_code == 302:  # the one thing found
        return [response.url] if response.url == foreign.mailbox.get_absolute_url() else []
    if response.status_code != 200:
        return []
    page = b"".join(response.streaming_content) if response.streaming else response.content
    told = [
        *(foreign.mailbox.address, foreign.alias.address, foreign.domain.name, "Foreign Person", "Foreign Company"),
        *(foreign.customer.number, foreign.domain.get_absolute_url(), foreign.mailbox.get_absolute_url()),
    ]
    return [word for word in told if word.encode() in page and word not in url]


@pytest.mark.parametrize("walker", ["admin", "other"])
@pytest.mark.parametrize("kind", ["mailbox", "alias"])
def test_an_import_into_a_foreign_domain_is_refused_row_by_row(made: World, walker: str, kind: str) -> None:
    client = made.client(walker)
    lines = "address,targets\nintruder@foreign.example,a@b.test\n"
    file = SimpleUploadedFile("rows.csv", lines.encode(), content_type="text/csv")
    response = client.post(reverse(f"mail:{kind}-import"), {"file": file})
    assert response.status_code in {200, 422}
    assert "apply_form" not in response.context
    assert not Mailbox.objects.filter(address__startswith="intruder").exists()
    assert not Alias.objects.filter(address__startswith="intruder").exists()
