"""Customers: found by any scrap, kept by the hotline."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from accounts.errors import CustomerError
from accounts.models import Contact, Customer
from accounts.services import contacts, customers
from roguelink.errors import NotAllowed, StaleObject
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "/customers/"


@pytest.fixture
def hotline(client):
    client.force_login(make.a_staff_user())
    return client


def listed(client, **query: str) -> list[str]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [customer.name for customer in response.context["page"].objects]


class TestFinding:
    @pytest.mark.parametrize(
        "typed",
        ["doro", "APPLE", "dorothy apple", "apple grants", "10777", "541-555-01", "(541) 555-0142", "0142", "dor",
         "bridge", "nw br", "d.apple@", "Walt", "grants pass", "d", "ap"],
    )  # fmt: skip
    def test_half_of_anything_finds_the_customer(self, hotline, typed: str) -> None:
        customer = make.a_customer(
            name="Dorothy Applegate", number="10777", email="d.apple@home.test", city="Grants Pass",
            street="12 NW Bridge St",
        )  # fmt: skip
        make.a_contact(customer, phone="+15415550142", name="Walt")
        make.a_customer(name="Zeke Zumwalt-Nobody", number="99999", email="z@z.test", city="Yreka", street="1 X")
        assert "Dorothy Applegate" in listed(hotline, q=typed)

    @pytest.mark.parametrize("typed", ["zzz", "555-0199", "dorothy ashland", "%", "_"])
    def test_what_fits_nobody_finds_nobody_and_says_so(self, hotline, typed: str) -> None:
        make.a_contact(make.a_customer(name="Dorothy Applegate", city="Medford"), phone="+15415550142")
        assert listed(hotline, q=typed) == []
        assert "Nothing matches" in hotline.get(LIST, {"q": typed}).content.decode()

    def test_a_customer_with_two_numbers_that_fit_is_listed_once(self, hotline) -> None:
        customer = make.a_customer(name="Dorothy Applegate")
        for phone in ("+15415550142", "+15415550143"):
            make.a_contact(customer, phone=phone)
        assert listed(hotline, q="555-014") == ["Dorothy Applegate"]

    def test_by_status_and_kind(self, hotline) -> None:
        make.a_customer(name="A", status="suspended")
        make.a_customer(name="B", kind="company")
        assert listed(hotline, status="suspended") == ["A"]
        assert listed(hotline, kind="company") == ["B"]
        assert listed(hotline, status="nonsense") == ["A", "B"]

    @pytest.mark.parametrize("rows", [0, 3, 60])
    def test_the_list_costs_the_same_however_long_it_is(
        self, hotline, rows: int, django_assert_max_num_queries
    ) -> None:
        for _ in range(rows):
            customer = make.a_customer()
            make.a_contact(customer)
            make.a_domain(customer=customer)
        with django_assert_max_num_queries(8):
            hotline.get(LIST)

    def test_an_empty_list_says_what_to_do_first(self, hotline) -> None:
        text = hotline.get(LIST).content.decode()
        assert "No customers yet" in text
        assert reverse("accounts:customer-create") in text

    def test_the_export_is_of_what_is_shown(self, hotline) -> None:
        make.a_contact(make.a_customer(name="=Dorothy", number="10777", status="suspended"), phone="+15415550142")
        make.a_customer(name="Else")
        response = hotline.get(LIST, {"status": "suspended", "format": "csv"})
        rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
        assert [(row["number"], row["name"], row["phone"]) for row in rows] == [
            ("10777", "'=Dorothy", "(541) 555-0142")
        ]

    def test_nobody_but_staff_sees_customers(self, client) -> None:
        customer = make.a_customer()
        client.force_login(make.a_domain_admin(make.a_domain(customer=customer)))
        assert client.get(LIST).status_code == 403
        assert client.get(customer.get_absolute_url()).status_code == 403


def filled(**values: str) -> dict[str, str]:
    return {"kind": "person", "name": "Dorothy Applegate", "country": "US"} | values


class TestCreating:
    def test_with_the_first_phone_number_on_the_same_form(self, hotline) -> None:
        response = hotline.post("/customers/new/", filled(phone="541 555 0142"))
        customer = Customer.objects.get()
        assert response.url == customer.get_absolute_url()
        assert [contact.phone.as_e164 for contact in customer.contacts.all()] == ["+15415550142"]
        assert customer.number

    def test_a_phone_number_that_is_none_is_refused_at_its_field_and_nothing_is_lost(self, hotline) -> None:
        response = hotline.post("/customers/new/", filled(phone="12"))
        assert response.status_code == 422
        assert "phone" in response.context["form"].errors
        assert "Dorothy Applegate" in response.content.decode()
        assert not Customer.objects.exists()

    def test_a_number_that_is_taken_is_refused_at_its_field(self, hotline) -> None:
        make.a_customer(number="10777")
        response = hotline.post("/customers/new/", filled(number="10777"))
        assert response.context["form"].errors["number"] == ["Another customer has this account number."]

    def test_numbers_given_by_hand_are_passed_over(self) -> None:
        staff = make.a_staff_user()
        first = int(customers.create_customer(staff, name="A").number)
        make.a_customer(number=str(first + 1))
        assert customers.create_customer(staff, name="B").number == str(first + 2)

    def test_a_form_sent_twice_makes_one_customer(self, hotline) -> None:
        form = hotline.get("/customers/new/").context["form"]
        data = filled(submission=str(form["submission"].value()))
        first, second = hotline.post("/customers/new/", data), hotline.post("/customers/new/", data)
        assert first.url == second.url
        assert Customer.objects.count() == 1

    def test_a_form_of_somebody_else_is_refused(self, hotline, client) -> None:
        token = hotline.get("/customers/new/").context["form"]["submission"].value()
        hotline.post("/customers/new/", filled(submission=str(token)))
        client.force_login(make.a_staff_user())
        assert client.post("/customers/new/", filled(submission=str(token))).status_code == 403
        assert Customer.objects.count() == 1


class TestChanging:
    def test_a_form_older_than_the_customer_shows_both_in_words_and_saves_nothing(self, hotline) -> None:
        customer = make.a_customer(name="Old", kind="person")
        version = customer.version
        customers.change_customer(
            make.a_staff_user(), customer=customer, version=version, name="Theirs", kind="company"
        )
        url = reverse("accounts:customer-edit", args=[customer.pk])

        response = hotline.post(url, filled(name="Mine", number=customer.number, version=str(version)))
        assert response.status_code == 409
        both = {(str(one.label), one.yours, one.theirs) for one in response.context["stale"]}
        assert {("Name", "Mine", "Theirs"), ("Kind", "person", "company")} <= both
        customer.refresh_from_db()
        assert customer.name == "Theirs"

        form = response.context["form"]
        again = {name: form[name].value() or "" for name in form.fields}
        assert hotline.post(url, again).status_code == 302
        customer.refresh_from_db()
        assert customer.name == "Mine"

    def test_a_customer_removed_meanwhile_is_not_a_crash(self) -> None:
        customer = make.a_customer()
        Customer.objects.all().delete()
        with pytest.raises(Exception, match="removed"):
            customers.change_customer(make.a_staff_user(), customer=customer, version=1, name="X")

    def test_an_empty_account_number_keeps_the_one_he_has(self) -> None:
        customer = make.a_customer(number="10777")
        customers.change_customer(make.a_staff_user(), customer=customer, version=1, name="X", number="")
        assert customer.number == "10777"

    @pytest.mark.parametrize(
        ("page", "status"), [("suspend", "suspended"), ("close", "closed"), ("activate", "active")]
    )
    def test_suspend_close_and_activate(self, hotline, page: str, status: str) -> None:
        customer = make.a_customer(status="active" if page != "activate" else "suspended")
        hotline.post(reverse(f"accounts:customer-{page}", args=[customer.pk]))
        customer.refresh_from_db()
        assert customer.status == status

    def test_services_refuse_whoever_is_not_staff(self) -> None:
        domain = make.a_domain()
        admin = make.a_domain_admin(domain)
        for call in (
            lambda: customers.create_customer(admin, name="X"),
            lambda: customers.change_customer(admin, customer=domain.customer, version=None, name="X"),
            lambda: customers.set_customer_status(admin, customer=domain.customer, status="closed"),
            lambda: contacts.create_contact(admin, customer=domain.customer, phone="+15415550142"),
        ):
            with pytest.raises(NotAllowed):
                call()


class TestThePage:
    def test_it_says_everything_at_one_look(self, hotline) -> None:
        customer = make.a_customer(name="Dorothy Applegate", notes="Calls at noon", city="Medford", status="suspended")
        make.a_contact(customer, phone="+15415550142", name="Walt", role="cell")
        make.a_domain("apple.example", customer=customer)
        text = hotline.get(customer.get_absolute_url()).content.decode()
        for said in (
            "tel:+1-541-555-0142",
            "(541) 555-0142",
            "Walt",
            "Calls at noon",
            "Medford",
            "apple.example",
            "suspended",
        ):
            assert said in text

    def test_its_cost_does_not_grow_with_what_he_has(self, hotline, django_assert_max_num_queries) -> None:
        customer = make.a_customer()
        for _ in range(15):
            make.a_contact(customer)
            make.a_mailbox(domain=make.a_domain(customer=customer))
        with django_assert_max_num_queries(12):
            hotline.get(customer.get_absolute_url())


class TestContacts:
    def test_add_change_and_remove_without_script(self, hotline) -> None:
        customer = make.a_customer()
        url = reverse("accounts:contact-create", args=[customer.pk])
        assert hotline.post(url, {"phone": "541-555-0142", "role": "cell"}).url == customer.get_absolute_url()
        contact = Contact.objects.get()
        edit = reverse("accounts:contact-edit", args=[customer.pk, contact.pk])
        hotline.post(edit, {"phone": "541-555-0143", "name": "Walt", "version": contact.version})
        contact.refresh_from_db()
        assert (contact.phone, contact.name, contact.role) == ("+15415550143", "Walt", "")
        hotline.post(reverse("accounts:contact-delete", args=[customer.pk, contact.pk]))
        assert not Contact.objects.exists()

    def test_htmx_gets_the_list_with_the_form_in_its_place(self, hotline) -> None:
        customer = make.a_customer()
        contact = make.a_contact(customer, phone="+15415550142")
        other = make.a_contact(customer, phone="+15415550143")
        url = reverse("accounts:contact-edit", args=[customer.pk, contact.pk])
        text = hotline.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in text
        assert f'hx-post="{url}"' in text
        assert f'id="contact-{other.pk}"' in text
        assert f'id="contact-{contact.pk}"' not in text

        refused = hotline.post(url, {"phone": "12"}, headers={"HX-Request": "true"})
        assert refused.status_code == 422
        assert "area code" in refused.content.decode()

    def test_one_that_reaches_nobody_is_refused(self, hotline) -> None:
        url = reverse("accounts:contact-create", args=[make.a_customer().pk])
        assert hotline.post(url, {"role": "cell"}).status_code == 422
        with pytest.raises(CustomerError):
            contacts.create_contact(make.a_staff_user(), customer=make.a_customer(), role="cell")

    def test_an_older_form_does_not_overwrite_a_newer_number(self) -> None:
        contact, staff = make.a_contact(phone="+15415550142"), make.a_staff_user()
        contacts.change_contact(staff, contact=contact, version=1, phone="+15415550143")
        with pytest.raises(StaleObject):
            contacts.change_contact(staff, contact=contact, version=1, phone="+15415550144")
        contact.refresh_from_db()
        assert contact.phone == "+15415550143"

    def test_a_contact_of_another_customer_is_not_found_under_this_one(self, hotline) -> None:
        contact = make.a_contact()
        url = reverse("accounts:contact-edit", args=[make.a_customer().pk, contact.pk])
        assert hotline.get(url).status_code == 404
