"""The pages of aliases, of alias domains and of mail servers, and what they add to other pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mail.models import Alias, AliasDomain, MailServer
from mail.services import dead_targets
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST, CREATE = reverse("mail:alias-list"), reverse("mail:alias-create")


@pytest.fixture
def hotline(client: Any) -> Any:
    client.force_login(make.a_staff_user())
    return client


def page(name: str, alias: Alias) -> str:
    return reverse(f"mail:alias-{name}", args=[alias.pk])


def text_of(response: Any) -> str:
    return response.content.decode()


def new(**fields: str) -> dict[str, str]:
    return {"local_part": "sales", "domain": "feed.example", "targets": "ann@elsewhere.test"} | fields


class TestList:
    def shown(self, client: Any, **query: str) -> list[str]:
        return [alias.address for alias in client.get(LIST, query).context["page"].objects]

    def test_it_is_narrowed_to_each_state(self, hotline: Any) -> None:
        make.an_alias("calm@feed.example")
        made = {
            "off": make.an_alias(is_active=False),
            "expired": make.an_alias(expires_at=timezone.now() - timedelta(hours=1)),
            "catch_all": make.a_catch_all(),
            "dead": make.an_alias(targets=["nobody@feed.example", "no.one@feed.example"]),
            "deleted": make.an_alias(deleted_at=timezone.now()),
        }
        dead_targets.look_at_all()
        for state, alias in made.items():
            assert self.shown(hotline, state=state) == [alias.address], state
        assert "calm@feed.example" in self.shown(hotline, state="active")

    def test_it_is_narrowed_to_where_they_lead_and_each_stands_once(self, hotline: Any) -> None:
        make.an_alias("two@feed.example", targets=["ann@elsewhere.test", "annette@elsewhere.test"])
        make.an_alias("one@feed.example", targets=["bob@elsewhere.test"])
        assert self.shown(hotline, target="ann") == ["two@feed.example"]
        assert self.shown(hotline, domain="feed.example", q="one") == ["one@feed.example"]

    def test_a_row_says_what_does_not_arrive(self, hotline: Any) -> None:
        make.an_alias("sales@feed.example", targets=["nobody@feed.example"])
        assert "nobody@feed.example does not exist" in text_of(hotline.get(LIST))

    def test_it_costs_the_same_however_long_it_is(self, hotline: Any, django_assert_max_num_queries: Any) -> None:
        for _ in range(3):
            make.an_alias(targets=["a@elsewhere.test", "nobody@feed.example"])
        with django_assert_max_num_queries(12) as few:
            hotline.get(LIST)
        for _ in range(57):
            make.an_alias()
        with django_assert_max_num_queries(len(few) + 1):  # there is a second page now: it is counted
            hotline.get(LIST)


class TestPages:
    def test_an_alias_is_made_with_its_targets_a_line_each(self, hotline: Any) -> None:
        make.a_domain("feed.example")
        response = hotline.post(CREATE, new(targets="ann@elsewhere.test\r\nbob@elsewhere.test", note="for the fair"))
        alias = Alias.objects.get()
        assert response.url == page("detail", alias)
        text = text_of(hotline.get(response.url))
        for said in ("ann@elsewhere.test", "bob@elsewhere.test", "for the fair"):
            assert said in text

    def test_a_catch_all_is_made_by_its_switch(self, hotline: Any) -> None:
        make.a_domain("feed.example", catch_all_allowed=True)
        hotline.post(CREATE, new(local_part="", catch_all="on"))
        assert Alias.objects.get().is_catch_all

    @pytest.mark.parametrize(
        ("bad", "field"),
        [
            ({"local_part": "a b"}, "local_part"),
            ({"local_part": ""}, "local_part"),
            ({"targets": ""}, "targets"),
            ({"targets": "nobody"}, "targets"),
            ({"targets": "sales@feed.example"}, "targets"),
            ({"domain": "foreign.example"}, "domain"),
            ({"expires_at": "tomorrow"}, "expires_at"),
            ({"note": "x" * 201}, "note"),
        ],
    )
    def test_bad_input_is_an_error_at_its_field_and_nothing_typed_is_lost(
        self, client: Any, bad: dict[str, str], field: str
    ) -> None:
        make.a_domain("foreign.example")
        client.force_login(make.a_domain_admin(make.a_domain("feed.example")))
        response = client.post(CREATE, new(note="kept") | bad)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {field}
        assert "kept" in text_of(response) or "note" in bad
        assert not Alias.objects.exists()

    def test_a_form_older_than_the_alias_shows_both_lists_of_targets(self, hotline: Any) -> None:
        alias = make.an_alias(targets=["theirs@elsewhere.test"])
        Alias.objects.update(version=2)
        response = hotline.post(
            page("edit", alias), {"version": 1, "targets": "mine@elsewhere.test", "is_active": "on", "note": ""}
        )
        assert response.status_code == 409
        (difference,) = response.context["stale"]
        assert "mine@elsewhere.test" in str(difference.yours)
        assert "theirs@elsewhere.test" in str(difference.theirs)

    def test_a_foreign_alias_does_not_exist(self, client: Any) -> None:
        alias = make.an_alias()
        client.force_login(make.a_domain_admin())
        for name in ("detail", "edit", "delete", "restore", "purge"):
            assert client.get(page(name, alias)).status_code == 404
            assert client.post(page(name, alias)).status_code in {404, 405}
        assert not Alias.objects.get().is_deleted

    def test_deleted_it_is_brought_back_or_deleted_for_good_from_its_page(self, hotline: Any) -> None:
        alias = make.an_alias()
        hotline.post(page("delete", alias))
        text = text_of(hotline.get(page("detail", alias)))
        assert page("restore", alias) in text
        assert page("purge", alias) in text
        assert hotline.post(page("purge", alias)).url == LIST
        assert not Alias.objects.exists()

    def test_the_page_takes_at_most_twelve_queries(self, client: Any, django_assert_max_num_queries: Any) -> None:
        alias = make.an_alias(targets=[f"n{n}@feed.example" for n in range(30)])
        for actor in (make.a_staff_user(), make.a_domain_admin(alias.domain)):
            client.force_login(actor)
            with django_assert_max_num_queries(12):
                client.get(page("detail", alias))


class TestAliasDomains:
    def test_staff_let_a_domain_stand_for_another_from_its_page(self, hotline: Any) -> None:
        make.a_domain("short.example")
        target = make.a_domain("long.example")
        text = text_of(hotline.get(target.get_absolute_url()))
        url = f"{reverse('mail:aliasdomain-create')}?target={target.pk}"
        assert url in text
        assert 'value="long.example"' in text_of(hotline.get(url))
        hotline.post(url, {"domain": "short.example", "target": "long.example"})
        assert str(AliasDomain.objects.get()) == "short.example = long.example"
        assert "short.example" in text_of(hotline.get(target.get_absolute_url()))

    def test_a_chain_is_refused_at_its_field(self, hotline: Any) -> None:
        middle = make.an_alias_domain().domain
        make.a_domain("short.example")
        response = hotline.post(reverse("mail:aliasdomain-create"), {"domain": "short.example", "target": middle.name})
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"target"}

    def test_an_administrator_sees_his_own_and_changes_none(self, client: Any) -> None:
        mine, foreign = make.an_alias_domain(), make.an_alias_domain()
        client.force_login(make.a_domain_admin(mine.domain))
        text = text_of(client.get(reverse("mail:aliasdomain-list")))
        assert mine.domain.name in text
        assert foreign.domain.name not in text
        assert client.get(reverse("mail:aliasdomain-delete", args=[mine.pk])).status_code == 403

    def test_removed_the_domain_is_itself_again(self, hotline: Any) -> None:
        alias_domain = make.an_alias_domain()
        hotline.post(reverse("mail:aliasdomain-delete", args=[alias_domain.pk]))
        assert not AliasDomain.objects.exists()


class TestServers:
    DATA = {
        "name": "mail9",
        "kind": "ours",
        "host": "10.0.0.9",
        "public_host": "mail.roguelink.example",
        "imap_port": "143",
        "pop3_port": "110",
        "lmtp_port": "24",
        "sieve_port": "4190",
    }

    def test_the_owner_names_one_and_the_first_is_where_mailboxes_go(self, client: Any) -> None:
        client.force_login(make.an_owner())
        client.post(reverse("mail:server-create"), self.DATA)
        assert MailServer.objects.get().is_default

    def test_staff_see_them_and_change_none(self, hotline: Any) -> None:
        server = make.a_mail_server(name="mail7")
        assert "mail7" in text_of(hotline.get(reverse("mail:server-list")))
        for url in (reverse("mail:server-create"), reverse("mail:server-edit", args=[server.pk])):
            assert hotline.get(url).status_code == 403

    @pytest.mark.parametrize(
        "bad",
        [{"imap_port": "0"}, {"lmtp_port": "65536"}, {"host": "a b"}, {"doveadm_url": "javascript:x"}, {"name": ""}],
    )
    def test_bad_input_is_an_error_at_its_field(self, client: Any, bad: dict[str, str]) -> None:
        client.force_login(make.an_owner())
        response = client.post(reverse("mail:server-create"), self.DATA | bad)
        assert response.status_code == 422
        assert response.context["form"].errors.keys() == bad.keys()

    def test_another_takes_the_new_mailboxes_and_the_last_cannot_refuse_them(self, client: Any) -> None:
        client.force_login(make.an_owner())
        first, second = make.a_mail_server(), make.a_mail_server()
        edit = reverse("mail:server-edit", args=[second.pk])
        client.post(edit, self.DATA | {"name": second.name, "version": 1, "is_default": "on"})
        assert MailServer.objects.get(is_default=True) == second
        response = client.post(edit, self.DATA | {"name": second.name, "version": 2})
        assert "must go somewhere" in text_of(response)
        first.refresh_from_db()
        assert not first.is_default

    def test_one_that_holds_mailboxes_is_not_forgotten(self, client: Any) -> None:
        make.a_mail_server()
        server = make.a_mailbox(server=make.a_mail_server()).server
        client.force_login(make.an_owner())
        response = client.post(reverse("mail:server-delete", args=[server.pk]))
        assert "still mailboxes on this server" in text_of(response)


class TestOnOtherPages:
    def test_a_domain_shows_its_mailboxes_and_aliases_with_what_is_dead(self, hotline: Any) -> None:
        mailbox = make.a_mailbox("joe@feed.example")
        make.an_alias("sales@feed.example", targets=["nobody@feed.example"])
        dead_targets.look_at_all()
        text = text_of(hotline.get(mailbox.domain.get_absolute_url()))
        assert "joe@feed.example" in text
        assert "nobody@feed.example takes no mail" in text

    def test_the_page_of_a_domain_costs_the_same_for_10_as_for_500(
        self, client: Any, django_assert_max_num_queries: Any
    ) -> None:
        few, many = make.a_domain(), make.a_domain()
        for domain, count in ((few, 10), (many, 500)):
            for _ in range(count):
                make.an_alias(domain=domain, targets=["nobody@feed.example"])
            for _ in range(count // 10):
                make.a_mailbox(domain=domain)
            make.an_alias_domain(target=domain)
        for actor in (make.a_staff_user(), make.a_domain_admin(few, user=make.a_domain_admin(many))):
            client.force_login(actor)
            with django_assert_max_num_queries(12) as small:
                client.get(few.get_absolute_url())
            with django_assert_max_num_queries(len(small)):
                client.get(many.get_absolute_url())

    def test_a_customer_shows_his_mailboxes(self, hotline: Any) -> None:
        mailbox = make.a_mailbox("joe@feed.example")
        assert "joe@feed.example" in text_of(hotline.get(mailbox.domain.customer.get_absolute_url()))

    def test_the_overview_counts_what_needs_attention_and_leads_to_it(self, hotline: Any) -> None:
        full, nearly = make.a_mailbox(quota_bytes=100), make.a_mailbox(quota_bytes=100)
        make.usage_of(full, bytes=100)
        make.usage_of(nearly, bytes=91)
        make.an_alias(targets=["nobody@feed.example"], domain=make.a_domain("feed.example"))
        dead_targets.look_at_all()
        items = {item.url: item.count for item in hotline.get("/").context["attention"]}
        mailboxes = reverse("mail:mailbox-list")
        assert items[f"{mailboxes}?state=full"] == 1
        assert items[f"{mailboxes}?state=nearly"] == 1
        assert items[f"{LIST}?state=dead"] == 1

    def test_the_owner_of_a_mailbox_sees_it_on_his_overview_with_how_to_set_it_up(self, client: Any) -> None:
        mailbox = make.a_mailbox("joe@feed.example", pop3=False)
        make.a_forward(mailbox, "friend@elsewhere.test")
        make.a_last_login(mailbox, service="imap")
        client.force_login(mailbox.user)
        text = text_of(client.get("/"))
        for said in ("joe@feed.example", "friend@elsewhere.test", "IMAP 993", mailbox.server.public_host):
            assert said in text
        assert "POP3" not in text
