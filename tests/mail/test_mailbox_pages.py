"""The pages of mailboxes, as people use them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mail.models import Mailbox, MailboxUsage
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST, CREATE = reverse("mail:mailbox-list"), reverse("mail:mailbox-create")
PASSWORD = "salmon-ladder-rogue-42"
GB = 1024**3


@pytest.fixture
def hotline(client: Any) -> Any:
    client.force_login(make.a_staff_user())
    return client


def page(name: str, mailbox: Mailbox) -> str:
    return reverse(f"mail:mailbox-{name}", args=[mailbox.pk])


def text_of(response: Any) -> str:
    return response.content.decode()


def new(**fields: str) -> dict[str, str]:
    """What the form of a new mailbox sends."""
    return {"local_part": "joe", "name": "Joe", "password": PASSWORD, "quota_bytes": ""} | fields


class TestList:
    def shown(self, client: Any, **query: str) -> list[str]:
        return [mailbox.address for mailbox in client.get(LIST, query).context["page"].objects]

    def test_each_sees_his_own_and_staff_see_all(self, client: Any) -> None:
        mine, neighbor, foreign = (make.a_mailbox(f"{who}@feed.example") for who in ("ann", "bob", "eve"))
        foreign = make.a_mailbox("eve@other.example")
        for actor, sees in (
            (mine.user, {mine.address}),
            (make.a_domain_admin(mine.domain), {"ann@feed.example", "bob@feed.example", "eve@feed.example"}),
            (make.a_staff_user(), {foreign.address, neighbor.address, mine.address, "eve@feed.example"}),
        ):
            client.force_login(actor)
            assert set(self.shown(client)) == sees

    def test_it_is_narrowed_to_each_state(self, hotline: Any) -> None:
        make.a_mailbox("calm@feed.example")
        make.a_last_login(Mailbox.objects.get())
        made = {
            "suspended": make.a_mailbox(status="suspended"),
            "full": make.a_mailbox(quota_bytes=GB),
            "nearly": make.a_mailbox(quota_bytes=GB),
            "forwarding": make.a_mailbox(),
            "deleted": make.a_mailbox(deleted_at=timezone.now()),
        }
        make.usage_of(made["full"], bytes=GB)
        make.usage_of(made["nearly"], bytes=GB * 95 // 100)
        make.a_forward(made["forwarding"])
        make.a_forward(made["forwarding"])
        for state, mailbox in made.items():
            assert self.shown(hotline, state=state) == [mailbox.address], state
        assert "calm@feed.example" not in self.shown(hotline, state="unused")
        assert made["full"].address in self.shown(hotline, state="unused")
        assert made["deleted"].address not in self.shown(hotline)

    def test_it_is_narrowed_to_a_domain_as_people_write_it_and_to_a_scrap(self, hotline: Any) -> None:
        make.a_mailbox("joe@xn--bcher-kva.example", name="Josephine")
        make.a_mailbox("ann@feed.example")
        for query in ({"domain": "Bücher.example"}, {"domain": "xn--bcher-kva.example"}, {"q": "OE@XN"}, {"q": "phin"}):
            assert self.shown(hotline, **query) == ["joe@xn--bcher-kva.example"]

    def test_a_row_says_what_overrules_a_mailbox_that_is_active_itself(self, hotline: Any) -> None:
        make.a_mailbox(domain=make.a_domain(status="suspended"))
        make.a_mailbox(domain=make.a_domain(customer=make.a_customer(status="closed")))
        text = text_of(hotline.get(LIST))
        assert "domain suspended" in text
        assert "customer closed" in text

    def test_an_empty_list_says_what_to_do_first(self, hotline: Any) -> None:
        assert "No mailboxes yet" in text_of(hotline.get(LIST))

    def test_it_costs_the_same_however_long_it_is(self, hotline: Any, django_assert_max_num_queries: Any) -> None:
        for _ in range(3):
            make.a_forward(make.a_mailbox())
        with django_assert_max_num_queries(12) as few:
            hotline.get(LIST)
        for _ in range(57):
            make.a_mailbox()
        with django_assert_max_num_queries(len(few) + 1):  # there is a second page now: it is counted
            hotline.get(LIST)


class TestPage:
    def test_one_look_says_all(self, hotline: Any) -> None:
        mailbox = make.a_mailbox("joe@feed.example", name="Joe Bloggs", quota_bytes=GB)
        make.usage_of(mailbox, bytes=GB // 2, messages=1234)
        make.a_last_login(mailbox, service="pop3")
        make.a_forward(mailbox, "friend@elsewhere.test")
        make.an_alias("sales@feed.example", targets=[mailbox.address])
        text = text_of(hotline.get(page("detail", mailbox)))
        for said in (
            "Joe Bloggs",
            "Works.",
            "512 MB",
            "POP3",
            "friend@elsewhere.test",
            "sales@feed.example",
            "IMAP 993",
        ):
            assert said in text, said

    @pytest.mark.parametrize(
        ("fields", "domain", "said"),
        [
            ({"status": "suspended"}, {}, "Suspended: no mail arrives and no mail program"),
            ({}, {"status": "suspended"}, "Its domain is suspended"),
            ({}, {"deleted_at": timezone.now()}, "Its domain is deleted"),
            ({"deleted_at": timezone.now()}, {}, "it can be brought back"),
            ({"imap": False, "pop3": False}, {}, "IMAP and POP3 are both off"),
        ],
    )
    def test_it_says_in_a_sentence_why_mail_does_not_work(
        self, hotline: Any, fields: dict[str, Any], domain: dict[str, Any], said: str
    ) -> None:
        mailbox = make.a_mailbox(domain=make.a_domain(**domain), **fields)
        assert said in text_of(hotline.get(page("detail", mailbox)))

    def test_a_full_mailbox_and_a_suspended_customer_are_said(self, hotline: Any) -> None:
        mailbox = make.a_mailbox(quota_bytes=GB)
        make.usage_of(mailbox, bytes=GB)
        assert "Full: new mail is refused" in text_of(hotline.get(page("detail", mailbox)))
        mailbox.domain.customer.__class__.objects.update(status="suspended")
        assert "The customer is suspended" in text_of(hotline.get(page("detail", mailbox)))

    def test_a_forward_to_nobody_is_said(self, hotline: Any) -> None:
        mailbox = make.a_mailbox("joe@feed.example")
        make.a_forward(mailbox, "nobody@feed.example")
        assert "nobody@feed.example does not exist" in text_of(hotline.get(page("detail", mailbox)))

    def test_the_owner_is_offered_only_what_he_may(self, client: Any) -> None:
        mailbox = make.a_mailbox()
        client.force_login(mailbox.user)
        text = text_of(client.get(page("detail", mailbox)))
        assert page("forwards", mailbox) in text
        for name in ("edit", "suspend", "delete", "password"):
            assert page(name, mailbox) not in text

    def test_it_takes_at_most_twelve_queries(self, client: Any, django_assert_max_num_queries: Any) -> None:
        mailbox = make.a_mailbox()
        for _ in range(20):
            make.an_alias(targets=[mailbox.address])
            make.a_forward(mailbox)
        for actor in (make.a_staff_user(), make.a_domain_admin(mailbox.domain)):
            client.force_login(actor)
            with django_assert_max_num_queries(12):
                client.get(page("detail", mailbox))


class TestCreating:
    @pytest.fixture(autouse=True)
    def server(self) -> None:
        make.a_mail_server()

    def test_the_answer_shows_the_password_once_and_is_kept_nowhere(self, hotline: Any) -> None:
        make.a_domain("feed.example")
        response = hotline.post(CREATE, new(domain="feed.example"))
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert "joe@feed.example" in text_of(response)
        assert PASSWORD in text_of(response)
        assert PASSWORD not in text_of(hotline.get(page("detail", Mailbox.objects.get())))

    def test_the_domain_is_filled_in_from_its_page_or_when_there_is_only_one(self, client: Any) -> None:
        domain = make.a_domain("bücher.example".encode("idna").decode())
        make.a_domain()
        client.force_login(make.a_staff_user())
        assert 'value="bücher.example"' in text_of(client.get(CREATE, {"domain": domain.pk}))
        client.force_login(make.a_domain_admin(domain))
        assert 'value="bücher.example"' in text_of(client.get(CREATE))

    @pytest.mark.parametrize("given", ["x", "-1", "9" * 30, "", "0"])
    def test_a_domain_that_makes_no_sense_in_the_url_fills_in_nothing(self, hotline: Any, given: str) -> None:
        make.a_domain()
        make.a_domain()
        assert hotline.get(CREATE, {"domain": given}).status_code == 200

    def test_a_foreign_domain_is_no_choice(self, client: Any) -> None:
        make.a_domain("foreign.example")
        client.force_login(make.a_domain_admin(make.a_domain("mine.example")))
        response = client.post(CREATE, new(domain="foreign.example"))
        assert response.status_code == 422
        assert "no such domain among yours" in text_of(response)
        assert not Mailbox.objects.exists()

    def test_what_was_typed_is_kept_when_it_is_refused(self, hotline: Any) -> None:
        make.a_domain("feed.example", max_mailboxes=0)
        response = hotline.post(CREATE, new(domain="feed.example", name="Joe Bloggs", quota_bytes="3 GB"))
        assert response.status_code == 422
        assert "may have 0 mailboxes" in text_of(response)
        for kept in ("joe", "feed.example", "Joe Bloggs", "3 GB"):
            assert f'value="{kept}"' in text_of(response)

    @pytest.mark.parametrize(
        "bad",
        [
            {"local_part": "a b"},
            {"local_part": "x" * 300},
            {"local_part": "\0"},
            {"quota_bytes": "lots"},
            {"domain": "."},
        ],
    )
    def test_bad_input_is_an_error_at_its_field(self, hotline: Any, bad: dict[str, str]) -> None:
        make.a_domain("feed.example")
        response = hotline.post(CREATE, new(domain="feed.example") | bad)
        assert response.status_code == 422
        assert response.context["form"].errors.keys() == bad.keys()

    def test_sent_twice_it_makes_one_and_shows_it(self, hotline: Any) -> None:
        make.a_domain("feed.example")
        data = new(domain="feed.example", submission=str(uuid.uuid4()))
        hotline.post(CREATE, data)
        again = hotline.post(CREATE, data)
        assert again.url == page("detail", Mailbox.objects.get())


class TestChanging:
    def test_a_form_older_than_the_mailbox_shows_both_and_changes_nothing(self, hotline: Any) -> None:
        mailbox = make.a_mailbox(name="Joe", quota_bytes=GB)
        old = {"version": 1, "name": "Joey", "quota_bytes": "2 GB", "imap": "on", "server": mailbox.server_id}
        Mailbox.objects.update(name="Joseph", version=2)
        response = hotline.post(page("edit", mailbox), old)
        assert response.status_code == 409
        assert "Joseph" in text_of(response)
        assert "Joey" in text_of(response)
        assert Mailbox.objects.get().name == "Joseph"

        agreed = old | {"version": response.context["form"]["version"].value()}
        assert hotline.post(page("edit", mailbox), agreed).status_code == 302
        assert Mailbox.objects.get().name == "Joey"

    def test_an_administrator_is_not_shown_what_is_not_his_to_change(self, client: Any) -> None:
        mailbox = make.a_mailbox()
        client.force_login(make.a_domain_admin(mailbox.domain, set_quotas=False))
        fields = client.get(page("edit", mailbox)).context["form"].fields
        assert "server" not in fields
        assert "quota_bytes" not in fields

    def test_the_owner_changes_his_forwards(self, client: Any) -> None:
        mailbox = make.a_mailbox()
        client.force_login(mailbox.user)
        data = {"version": 1, "targets": "a@elsewhere.test\r\nb@elsewhere.test", "keep_copy": "on"}
        assert client.post(page("forwards", mailbox), data).status_code == 302
        assert mailbox.forwards.count() == 2

    def test_an_older_form_of_forwards_shows_both_lists(self, client: Any) -> None:
        mailbox = make.a_mailbox()
        make.a_forward(mailbox, "theirs@elsewhere.test")
        Mailbox.objects.update(version=2)
        client.force_login(mailbox.user)
        response = client.post(page("forwards", mailbox), {"version": 1, "targets": "mine@elsewhere.test"})
        assert response.status_code == 409
        shown = {row.label: (row.yours, row.theirs) for row in response.context["stale"]}
        assert "mine@elsewhere.test" in str(shown["Forward to"][0])
        assert "theirs@elsewhere.test" in str(shown["Forward to"][1])

    def test_a_new_password_is_shown_once(self, hotline: Any) -> None:
        mailbox = make.a_mailbox()
        response = hotline.post(page("password", mailbox), {"new_password": PASSWORD, "version": 1})
        assert PASSWORD in text_of(response)
        assert response["Cache-Control"] == "no-store"
        mailbox.user.refresh_from_db()
        assert mailbox.user.check_password(PASSWORD)


class TestDeleting:
    def test_the_question_names_what_goes_with_it(self, hotline: Any) -> None:
        mailbox = make.a_mailbox("postmaster@feed.example")
        make.an_alias("sales@feed.example", targets=[mailbox.address])
        text = text_of(hotline.get(page("delete", mailbox)))
        assert "sales@feed.example" in text
        assert "RFC 2142" in text

    def test_aliases_that_a_person_may_not_see_are_not_named(self, client: Any) -> None:
        mailbox = make.a_mailbox("joe@feed.example")
        make.an_alias("secret@foreign.example", targets=[mailbox.address])
        client.force_login(make.a_domain_admin(mailbox.domain))
        for name in ("delete", "detail"):
            assert "secret@foreign.example" not in text_of(client.get(page(name, mailbox)))

    def test_deleted_it_comes_back_from_its_page(self, hotline: Any) -> None:
        mailbox = make.a_mailbox()
        hotline.post(page("delete", mailbox))
        assert page("restore", mailbox) in text_of(hotline.get(page("detail", mailbox)))
        hotline.post(page("restore", mailbox))
        assert Mailbox.objects.get().deleted_at is None

    def test_its_owner_does_not_see_the_tombstone(self, client: Any) -> None:
        mailbox = make.a_mailbox(deleted_at=timezone.now())
        client.force_login(mailbox.user)
        assert client.get(page("detail", mailbox)).status_code == 404

    def test_one_that_cannot_come_back_says_why_at_the_question(self, hotline: Any) -> None:
        mailbox = make.a_mailbox(domain=make.a_domain(max_mailboxes=0), deleted_at=timezone.now())
        response = hotline.post(page("restore", mailbox))
        assert response.status_code == 422
        assert "may have 0 mailboxes" in text_of(response)


def test_the_csv_of_the_list_has_what_it_shows_and_can_be_imported_again(hotline: Any) -> None:
    mailbox = make.a_mailbox("joe@feed.example", name="=cmd()", quota_bytes=2 * GB)
    make.usage_of(mailbox, bytes=GB)
    assert MailboxUsage.objects.exists()
    lines = b"".join(hotline.get(LIST, {"format": "csv"}).streaming_content).decode().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("address,")
    assert "joe@feed.example" in lines[1]
    assert ",2 GB,1024,active" in lines[1]
    assert ",=cmd()" not in lines[1]
