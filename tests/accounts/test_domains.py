"""Domains: taken on, limited, stopped, deleted and brought back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Domain
from accounts.services import customers, domains
from roguelink.db.keyset import PAGE_SIZE
from roguelink.errors import NotAllowed
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "/domains/"
GIB = 1024**3


@pytest.fixture
def hotline(client):
    client.force_login(make.a_staff_user())
    return client


def page(domain: Domain, name: str = "detail") -> str:
    return reverse(f"accounts:domain-{name}", args=[domain.pk])


def listed(client, **query: str) -> list[str]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [domain.name for domain in response.context["page"].objects]


def messages_of(client, url: str) -> list[str]:
    return [str(message) for message in client.get(url).context["messages"]]


class TestTheList:
    def test_filters_by_scrap_customer_state_and_kind(self, hotline) -> None:
        owner = make.a_customer(name="Dorothy Applegate", number="10777")
        make.a_domain("apple.example", customer=owner)
        make.a_domain("xn--bcher-kva.example", status="suspended")
        make.a_domain("backup.example", kind="relay", customer=make.a_customer(status="suspended"))
        make.a_domain("gone.example", deleted_at=timezone.now())

        assert listed(hotline) == ["apple.example", "backup.example", "xn--bcher-kva.example"]
        assert listed(hotline, q="PPL") == ["apple.example"]
        assert listed(hotline, q="bücher.example") == ["xn--bcher-kva.example"]
        assert listed(hotline, customer="dorothy") == listed(hotline, customer="10777") == ["apple.example"]
        assert listed(hotline, kind="relay") == ["backup.example"]
        assert listed(hotline, state="deleted") == ["gone.example"]

    def test_a_domain_works_when_it_and_its_customer_are_active(self, hotline) -> None:
        make.a_domain("works.example")
        make.a_domain("stopped.example", status="suspended")
        make.a_domain("unpaid.example", customer=make.a_customer(status="suspended"))
        assert listed(hotline, state="active") == ["works.example"]
        assert listed(hotline, state="suspended") == ["stopped.example", "unpaid.example"]

    def test_sorts_by_age(self, hotline) -> None:
        now = timezone.now()
        for days, name in ((1, "middle.example"), (0, "new.example"), (2, "old.example")):
            make.a_domain(name, created_at=now - timedelta(days=days))
        assert listed(hotline, sort="age") == ["old.example", "middle.example", "new.example"]
        assert listed(hotline, sort="-age") == ["new.example", "middle.example", "old.example"]
        assert listed(hotline, sort="nonsense") == ["middle.example", "new.example", "old.example"]

    @pytest.mark.parametrize("rows", [0, 3, 60])
    def test_costs_the_same_however_long_it_is(self, hotline, rows: int, django_assert_max_num_queries) -> None:
        for _ in range(rows):
            make.an_alias(domain=make.a_mailbox().domain)
        with django_assert_max_num_queries(9):
            hotline.get(LIST)

    def test_says_what_each_holds(self, hotline) -> None:
        mailbox = make.a_mailbox("walt@apple.example")
        make.usage_of(mailbox, bytes=300 * 1024**2)
        make.a_mailbox("gone@apple.example", deleted_at=timezone.now())
        text = hotline.get(LIST).content.decode()
        assert "1 mailbox with 300 MB" in text

    def test_one_more_than_a_page_holds_makes_a_second_page(self, hotline) -> None:
        for n in range(PAGE_SIZE + 1):
            make.a_domain(f"d{n:02}.example")
        first = hotline.get(LIST).context["page"]
        assert len(first.objects) == PAGE_SIZE
        assert first.count_text == str(PAGE_SIZE + 1)
        second = hotline.get(first.next_url).context["page"]
        assert [domain.name for domain in second.objects] == [f"d{PAGE_SIZE:02}.example"]

    def test_an_administrator_sees_only_his_own_and_not_whose_they_are(self, client) -> None:
        mine = make.a_domain("mine.example", customer=make.a_customer(name="Dorothy Applegate"))
        make.a_domain("foreign.example", customer=mine.customer)
        client.force_login(make.a_domain_admin(mine))
        assert listed(client) == ["mine.example"]
        assert listed(client, customer="dorothy") == ["mine.example"], "a filter that he does not have is no filter"
        assert "Dorothy" not in client.get(LIST).content.decode()

        export = client.get(LIST, {"format": "csv"}).getvalue().decode()
        rows = list(csv.DictReader(io.StringIO(export)))
        assert [(row["domain"], row["customer"]) for row in rows] == [("mine.example", "")]

    def test_an_empty_list_says_what_to_do_first(self, hotline) -> None:
        assert reverse("accounts:domain-create") in hotline.get(LIST).content.decode()


class TestCreating:
    def test_a_unicode_name_is_stored_as_the_wire_has_it(self, hotline) -> None:
        customer = make.a_customer(number="10777")
        response = hotline.post("/domains/new/", {"name": "Bücher.Example", "customer": "10777", "kind": "hosted"})
        domain = Domain.objects.get()
        assert (domain.name, domain.customer) == ("xn--bcher-kva.example", customer)
        assert response.url == domain.get_absolute_url()
        assert "bücher.example" in hotline.get(response.url).content.decode()

    def test_offers_limits_so_that_none_is_unlimited_by_mistake(self, hotline) -> None:
        form = hotline.get("/domains/new/").context["form"]
        assert (form["max_mailboxes"].value(), form["max_aliases"].value()) == (50, 100)

    def test_the_customer_is_filled_in_from_his_page(self, hotline) -> None:
        customer = make.a_customer(number="10777")
        assert 'value="10777"' in hotline.get(f"/domains/new/?customer={customer.pk}").content.decode()
        for junk in ("x", "9" * 30, "-1", ""):
            assert hotline.get(f"/domains/new/?customer={junk}").status_code == 200

    @pytest.mark.parametrize("typed", ["", "net", "http://x.example", "a b.example", "x" * 64 + ".example", "10.0.0.1"])
    def test_what_is_no_name_is_refused_at_the_field_and_nothing_typed_is_lost(self, hotline, typed: str) -> None:
        make.a_customer(number="10777")
        response = hotline.post("/domains/new/", {"name": typed, "customer": "10777", "kind": "hosted"})
        assert response.status_code == 422
        assert response.context["form"].errors["name"]
        assert 'value="10777"' in response.content.decode()
        assert not Domain.objects.exists()

    def test_a_name_that_is_there_is_refused_with_whose_it_is(self) -> None:
        make.a_domain("apple.example", customer=make.a_customer(name="Dorothy Applegate"))
        with pytest.raises(DomainError, match="Dorothy Applegate") as refused:
            domains.create_domain(make.a_staff_user(), name="APPLE.example", customer=make.a_customer())
        assert refused.value.field == "name"

    def test_a_deleted_name_is_refused_with_the_way_out(self) -> None:
        make.a_domain("apple.example", deleted_at=timezone.now())
        with pytest.raises(DomainError, match="Bring it back"):
            domains.create_domain(make.a_staff_user(), name="apple.example", customer=make.a_customer())

    def test_a_customer_who_has_left_gets_none(self) -> None:
        with pytest.raises(DomainError) as refused:
            domains.create_domain(make.a_staff_user(), name="a.example", customer=make.a_customer(status="closed"))
        assert refused.value.field == "customer"

    @pytest.mark.parametrize("number", ["99999", "", "1 OR 1=1", "\0", "9" * 200])
    def test_a_customer_who_is_not_there_is_no_choice(self, hotline, number: str) -> None:
        response = hotline.post("/domains/new/", {"name": "a.example", "customer": number, "kind": "hosted"})
        assert response.status_code == 422
        assert "customer" in response.context["form"].errors

    def test_sent_twice_it_makes_one(self, hotline) -> None:
        make.a_customer(number="10777")
        token = str(hotline.get("/domains/new/").context["form"]["submission"].value())
        data = {"name": "a.example", "customer": "10777", "kind": "hosted", "submission": token}
        assert hotline.post("/domains/new/", data).url == hotline.post("/domains/new/", data).url


class TestLimits:
    def test_the_page_shows_them_beside_what_is_used(self, hotline) -> None:
        domain = make.a_domain(max_mailboxes=2, max_aliases=20, quota_total_bytes=10 * GIB)
        for _ in range(2):
            make.a_mailbox(domain=domain, quota_bytes=2 * GIB)
        make.an_alias(domain=domain)
        shown = {limit.column: limit.text for limit in hotline.get(page(domain)).context["limits"]}
        assert shown == {
            "max_mailboxes": "2 of 2",
            "max_aliases": "1 of 20",
            "quota_total_bytes": "4 GB of 10 GB",
            "quota_mailbox_bytes": "2 GB, no limit",
        }
        assert "full" in hotline.get(page(domain)).content.decode()

    def test_one_below_what_is_in_use_is_saved_with_a_warning(self, hotline) -> None:
        domain = make.a_domain()
        for _ in range(3):
            make.a_mailbox(domain=domain)
        form = {"customer": domain.customer.number, "kind": "hosted", "max_mailboxes": "2", "version": "1"}
        assert "In use: 3" in hotline.get(page(domain, "edit")).content.decode()
        response = hotline.post(page(domain, "edit"), form)
        assert response.status_code == 302
        assert any("3 in use, and the limit is 2" in message for message in messages_of(hotline, response.url))

    @pytest.mark.parametrize(
        ("limits", "field"),
        [
            ({"quota_total_bytes": GIB, "quota_mailbox_bytes": 2 * GIB}, "quota_mailbox_bytes"),
            ({"quota_mailbox_bytes": GIB, "quota_default_bytes": 2 * GIB}, "quota_default_bytes"),
            ({"quota_total_bytes": GIB, "quota_default_bytes": 2 * GIB}, "quota_default_bytes"),
        ],
    )
    def test_sizes_that_contradict_each_other_are_refused(self, limits, field: str) -> None:
        staff, domain = make.a_staff_user(), make.a_domain(quota_default_bytes=0)
        for call in (
            lambda: domains.change_domain(staff, domain=domain, version=None, **limits),
            lambda: domains.create_domain(staff, name="b.example", customer=domain.customer, **limits),
        ):
            with pytest.raises(DomainError) as refused:
                call()
            assert refused.value.field == field

    def test_an_older_form_shows_sizes_as_people_read_them(self, hotline) -> None:
        domain = make.a_domain(quota_mailbox_bytes=4 * GIB)
        domains.change_domain(make.a_staff_user(), domain=domain, version=1, quota_mailbox_bytes=8 * GIB)
        form = {
            "customer": domain.customer.number, "kind": "hosted", "quota_mailbox_bytes": "5 GB", "version": "1",
            "quota_default_bytes": "2 GB", "external_forwards_allowed": "on",
        }  # fmt: skip
        response = hotline.post(page(domain, "edit"), form)
        assert response.status_code == 409
        assert [(one.yours, one.theirs) for one in response.context["stale"]] == [("5 GB", "8 GB")]

    def test_an_administrator_cannot_raise_his_own(self, client) -> None:
        domain = make.a_domain(max_mailboxes=2)
        admin = make.a_domain_admin(domain)
        client.force_login(admin)
        assert client.post(page(domain, "edit"), {"max_mailboxes": "999"}).status_code == 403
        with pytest.raises(NotAllowed):
            domains.change_domain(admin, domain=domain, version=None, max_mailboxes=999)


class TestStoppingAndDeleting:
    def test_suspend_and_activate(self, hotline) -> None:
        domain = make.a_domain()
        hotline.post(page(domain, "suspend"))
        assert Domain.objects.get().status == "suspended"
        hotline.post(page(domain, "activate"))
        assert Domain.objects.get().status == "active"

    def test_the_preview_names_what_goes_with_it(self, hotline) -> None:
        domain = make.a_mailbox().domain
        make.an_alias(domain=domain)
        text = hotline.get(page(domain, "delete")).content.decode()
        assert "1 mailbox" in text
        assert "1 alias" in text
        assert "30 days" in text

    def test_deleted_it_is_gone_for_its_administrator_and_back_when_restored(self, hotline, client) -> None:
        domain = make.a_domain()
        admin = make.a_domain_admin(domain)
        hotline.post(page(domain, "delete"))
        assert not Domain.objects.visible_to(admin).exists()
        assert "Bring back" in hotline.get(page(domain)).content.decode()
        hotline.post(page(domain, "restore"))
        assert Domain.objects.visible_to(admin).exists()

    def test_after_the_window_it_cannot_come_back_half(self) -> None:
        domain = make.a_domain(deleted_at=timezone.now() - timedelta(days=30, minutes=1))
        with pytest.raises(DomainError, match="30 days"):
            domains.restore_domain(make.a_staff_user(), domain=domain)

    def test_what_is_deleted_cannot_be_changed(self) -> None:
        staff, domain = make.a_staff_user(), make.a_domain(deleted_at=timezone.now())
        for call in (
            lambda: domains.change_domain(staff, domain=domain, version=None, max_mailboxes=1),
            lambda: domains.suspend_domain(staff, domain=domain),
            lambda: domains.delete_domain(staff, domain=domain),
        ):
            with pytest.raises(NotAllowed):
                call()

    def test_suspending_the_customer_says_so_on_the_domain(self, hotline) -> None:
        domain = make.a_domain()
        customers.set_customer_status(make.a_staff_user(), customer=domain.customer, status="suspended")
        assert "customer is not active" in hotline.get(page(domain)).content.decode()


class TestWhoMay:
    @pytest.mark.parametrize("name", ["detail", "edit", "suspend", "activate", "delete", "restore"])
    def test_a_foreign_domain_does_not_exist(self, client, name: str) -> None:
        foreign = make.a_domain()
        client.force_login(make.a_domain_admin())
        assert client.get(page(foreign, name)).status_code in {403, 404}
        assert client.get(page(foreign)).status_code == 404

    def test_the_page_of_an_administrator_shows_who_else_administers_and_no_customer(self, client) -> None:
        domain = make.a_domain(customer=make.a_customer(name="Dorothy Applegate"))
        make.a_domain_admin(domain, user=make.a_user("other@home.example"))
        client.force_login(make.a_domain_admin(domain))
        text = client.get(page(domain)).content.decode()
        assert "other@home.example" in text
        assert "Dorothy" not in text

    def test_the_page_takes_few_queries_however_much_is_in_it(self, client, django_assert_max_num_queries) -> None:
        domain = make.a_domain()
        client.force_login(make.a_domain_admin(domain))
        for _ in range(15):
            make.a_mailbox(domain=domain)
            make.an_alias(domain=domain)
        with django_assert_max_num_queries(14):
            client.get(page(domain))


def test_a_domain_with_mailboxes_does_not_become_a_backup_server_only() -> None:
    domain = make.a_mailbox().domain
    with pytest.raises(DomainError) as refused:
        domains.change_domain(make.a_staff_user(), domain=domain, version=None, kind="relay")
    assert refused.value.field == "kind"
