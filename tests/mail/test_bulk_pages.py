"""Bulk actions in the browser: the preview, then the deed."""

import pytest
from django.urls import reverse

from mail.models import Mailbox
from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "mail:mailbox-bulk"


def test_the_preview_shows_what_will_happen_and_confirming_does_it(client) -> None:
    one, two = make.a_mailbox(), make.a_mailbox(status="suspended")
    client.force_login(make.a_staff_user())

    preview = client.post(reverse(URL), {"do": "suspend", "selected": [one.pk, two.pk]})
    assert [verdict.obj.pk for verdict in preview.context["applying"]] == [one.pk]
    assert "is suspended already" in preview.content.decode()
    one.refresh_from_db()
    assert one.status == "active"

    done = client.post(reverse(URL), {"do": "suspend", "selected": [one.pk], "confirmed": "1"})
    assert done.status_code == 302
    one.refresh_from_db()
    assert one.status == "suspended"


def test_a_double_click_does_it_once_and_says_that_something_changed(client) -> None:
    one = make.a_mailbox()
    client.force_login(make.a_staff_user())
    data = {"do": "suspend", "selected": [one.pk], "confirmed": "1"}
    client.post(reverse(URL), data)
    again = client.post(reverse(URL), data)
    assert again.status_code == 422
    one.refresh_from_db()
    assert one.version == 2


def test_ids_of_others_and_ids_that_are_none_are_as_if_they_were_not_there(client) -> None:
    mine, foreign = make.a_mailbox(), make.a_mailbox()
    client.force_login(make.a_domain_admin(mine.domain))
    page = client.post(reverse(URL), {"do": "delete", "selected": [mine.pk, foreign.pk, "x", "9" * 30, "-1"]})
    assert [verdict.obj.pk for verdict in page.context["applying"]] == [mine.pk]
    assert foreign.address not in page.content.decode()
    client.post(reverse(URL), {"do": "delete", "selected": [foreign.pk], "confirmed": "1"})
    foreign.refresh_from_db()
    assert foreign.deleted_at is None


def test_all_that_match_the_list_are_taken_beyond_the_page(client) -> None:
    domain = make.a_domain("feed.example")
    for _ in range(60):
        make.a_mailbox(domain=domain)
    make.a_mailbox()
    client.force_login(make.a_staff_user())
    page = client.post(reverse(URL), {"do": "suspend", "all": "1", "query": "domain=feed.example"})
    assert len(page.context["applying"]) == 60


def test_a_quota_is_asked_for_and_a_wrong_one_is_said_at_the_field(client) -> None:
    box = make.a_mailbox(domain=make.a_domain(quota_mailbox_bytes=2 * 1024**3), quota_bytes=1024**3)
    client.force_login(make.a_staff_user())
    data = {"do": "quota", "selected": [box.pk], "confirmed": "1"}
    assert client.post(reverse(URL), data | {"quota": "lots"}).context["form"].errors["quota"]
    assert client.post(reverse(URL), data | {"quota": "9 GB"}).status_code == 422
    assert client.post(reverse(URL), data | {"quota": "2 GB"}).status_code == 302
    box.refresh_from_db()
    assert box.quota_bytes == 2 * 1024**3


def test_why_a_quota_is_not_given_to_all_is_said_at_the_field(client) -> None:
    domain = make.a_domain(quota_mailbox_bytes=2 * 1024**3)
    box = make.a_mailbox(domain=domain)
    client.force_login(make.a_staff_user())
    page = client.post(reverse(URL), {"do": "quota", "selected": [box.pk], "confirmed": "1", "quota": "9 GB"})
    assert f"{box.address}: its domain does not allow" in page.context["form"].errors["quota"][0]


def test_the_selected_rows_can_be_exported(client) -> None:
    one = make.a_mailbox("walt@feed.example", name="=1+1")
    make.a_mailbox()
    client.force_login(make.a_staff_user())
    response = client.post(reverse(URL), {"do": "export", "selected": [one.pk]})
    text = b"".join(response.streaming_content).decode()
    assert "walt@feed.example" in text
    assert "'=1+1" in text
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize("do", ["", "nonsense"])
def test_an_action_that_does_not_exist_is_not_found(client, do: str) -> None:
    client.force_login(make.a_staff_user())
    assert client.post(reverse(URL), {"do": do, "selected": [make.a_mailbox().pk]}).status_code == 404


def test_nothing_selected_leads_back_with_a_word(client) -> None:
    client.force_login(make.a_staff_user())
    response = client.post(reverse(URL), {"do": "suspend"}, follow=True)
    assert "Nothing was selected" in response.content.decode()
    assert not Mailbox.objects.exists()


def test_an_export_of_many_asks_for_their_forwards_once(client, django_assert_max_num_queries) -> None:
    boxes = [make.a_forward().mailbox for _ in range(15)]
    client.force_login(make.a_staff_user())
    with django_assert_max_num_queries(12):
        response = client.post(reverse("mail:mailbox-bulk"), {"do": "export", "selected": [box.pk for box in boxes]})
        assert len(b"".join(response.streaming_content).splitlines()) == 16


def test_more_than_can_be_done_at_once_is_refused_and_not_cut_off(client, monkeypatch) -> None:
    monkeypatch.setattr("accounts.views.bulk.MAX_SELECTED", 2)
    for _ in range(3):
        make.a_mailbox()
    client.force_login(make.a_staff_user())
    response = client.post(reverse("mail:mailbox-bulk"), {"do": "suspend", "all": "1", "query": ""}, follow=True)
    assert "more than 2 at once" in response.content.decode()
