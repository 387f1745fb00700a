"""Who changed what, from what to what, and taking it back."""

import base64
from datetime import timedelta

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import history
from accounts.history import Question
from accounts.services import customers, domains, passwords
from accounts.services.undo import UndoError, undo
from mail.models import Mailbox
from mail.services import aliases, mailboxes
from tests import factories as make

pytestmark = pytest.mark.django_db
GB = 1024**3


def log(user, **question) -> list[history.Entry]:
    return history.entries(user, Question(**question), before=None, size=50)[0]


def changed(entry: history.Entry) -> dict[str, tuple[object, object]]:
    return {one.column: (one.old, one.new) for one in entry.differences}


def test_a_change_is_shown_with_old_and_new_value_and_who_did_it() -> None:
    staff = make.a_staff_user("hot@line.example")
    mailbox = make.a_mailbox(quota_bytes=GB, name="Walt")
    with pghistory.context(user=staff.pk, request_id="abc"):
        mailboxes.change_mailbox(staff, mailbox=mailbox, version=1, quota_bytes=2 * GB, name="Walter")

    entry = log(staff, kind="mailbox", object_id=mailbox.pk)[0]

    assert changed(entry) == {"quota_bytes": (GB, 2 * GB), "name": ("Walt", "Walter")}
    assert (entry.actor, entry.request_id, entry.action) == ("hot@line.example", "abc", "update")


def test_the_new_value_of_an_older_change_is_the_old_one_of_the_next() -> None:
    staff, mailbox = make.a_staff_user(), make.a_mailbox(name="one")
    for name in ("two", "three"):
        mailboxes.change_mailbox(staff, mailbox=mailbox, version=None, name=name)
    names = [changed(entry).get("name") for entry in log(staff, kind="mailbox", action="update")]
    assert names == [("two", "three"), ("one", "two")]


def test_set_based_sql_is_in_the_log_too() -> None:
    staff, mailbox = make.a_staff_user(), make.a_mailbox()
    Mailbox.objects.filter(pk=mailbox.pk).update(pop3=False)
    assert changed(log(staff, kind="mailbox", action="update")[0]) == {"pop3": (True, False)}


def test_a_new_password_is_in_the_log_but_never_shown(client) -> None:
    staff, mailbox = make.a_staff_user(), make.a_mailbox()
    passwords.set_password(staff, user=mailbox.user, new_password="kfrtq-8mzwp-3qxvn")
    entry = log(staff, kind="login", action="update", object_id=mailbox.user_id)[0]
    assert entry.password_only
    client.force_login(staff)
    page = client.get(reverse("accounts:log")).content.decode()
    assert "never shown" in page
    assert "{" + "ARGON2ID" not in page


def test_a_domain_administrator_sees_only_what_concerns_his_domains() -> None:
    mine, foreign = make.a_mailbox(name="x"), make.a_mailbox()
    make.a_forward(mine)
    make.an_alias(domain=mine.domain)
    admin = make.a_domain_admin(mine.domain)
    seen = log(admin)
    assert {entry.kind.kind for entry in seen} == {"mailbox", "forward", "alias", "target", "domain", "administrator"}
    assert foreign.address not in {entry.title for entry in seen}
    assert log(admin, kind="customer") == []
    assert log(mine.user) == []


def test_the_log_pages_through_everything_once_newest_first() -> None:
    staff = make.a_staff_user()
    for _ in range(12):
        make.a_mailbox()
    everything = history.entries(staff, Question(), before=None, size=1000)[0]
    seen, before = [], None
    while True:
        page, before = history.entries(staff, Question(), before=before, size=7)
        seen += page
        if before is None:
            break
    assert [(e.kind.kind, e.event_id) for e in seen] == [(e.kind.kind, e.event_id) for e in everything]
    assert [e.at for e in seen] == sorted((e.at for e in seen), reverse=True)


def test_a_change_is_taken_back_through_its_service() -> None:
    staff = make.a_staff_user()
    customer = make.a_customer(name="Right")
    customers.change_customer(staff, customer=customer, version=None, name="Wrong")
    entry = log(staff, kind="customer", action="update")[0]
    assert entry.can_undo

    undo(staff, kind="customer", event_id=entry.event_id)

    customer.refresh_from_db()
    assert customer.name == "Right"


def test_what_was_changed_again_since_is_not_taken_back() -> None:
    staff, customer = make.a_staff_user(), make.a_customer(name="one")
    for name in ("two", "three"):
        customers.change_customer(staff, customer=customer, version=None, name=name)
    older = log(staff, kind="customer", action="update")[1]
    assert not older.can_undo
    with pytest.raises(UndoError):
        undo(staff, kind="customer", event_id=older.event_id)


def test_a_deleted_alias_comes_back_by_undo() -> None:
    staff, alias = make.a_staff_user(), make.an_alias()
    aliases.delete_alias(staff, alias=alias)
    undo(staff, kind="alias", event_id=log(staff, kind="alias", action="update")[0].event_id)
    alias.refresh_from_db()
    assert alias.deleted_at is None


@pytest.mark.parametrize(
    "query",
    [
        "before=junk",
        "kind=nothing",
        "object=x",
        "since=never",
        "since=0001-01-01",
        "until=9999-12-31",
        "domain=nope.example",
        "person=x",
    ],
)
def test_odd_questions_show_a_page(client, query: str) -> None:
    client.force_login(make.a_staff_user())
    assert client.get(f"{reverse('accounts:log')}?{query}").status_code == 200


def test_the_log_takes_at_most_twelve_queries(client, django_assert_max_num_queries) -> None:
    for _ in range(30):
        make.a_forward()
        make.an_alias()
        make.an_alias_domain()
    client.force_login(make.a_staff_user())
    with django_assert_max_num_queries(12):
        assert client.get(reverse("accounts:log")).status_code == 200


def test_an_administrator_is_not_told_to_which_customer_his_domain_went() -> None:
    domain, staff = make.a_domain(), make.a_staff_user()
    admin = make.a_domain_admin(domain)
    other = make.a_customer()
    domains.change_domain(staff, domain=domain, version=None, customer=other)
    domains.change_domain(staff, domain=domain, version=None, customer=make.a_customer(), max_aliases=5)
    updates = log(admin, kind="domain", action="update")
    assert [set(changed(entry)) for entry in updates] == [{"max_aliases"}]
    panel = history.of_object(admin, "domain", domain.pk)
    assert "customer_id" not in {column for entry in panel if entry.action == "update" for column in changed(entry)}
    assert len(log(staff, kind="domain", action="update")) == 2


def test_an_administrator_is_called_by_his_address() -> None:
    domain = make.a_domain()
    admin = make.a_domain_admin(domain, user=make.a_user("boss@home.example"))
    assert [entry.title for entry in log(admin, kind="administrator")] == ["boss@home.example"]


@pytest.mark.parametrize("do", [domains.suspend_domain, domains.delete_domain])
def test_a_domain_that_was_stopped_or_deleted_comes_back_by_undo(do) -> None:
    domain, staff = make.a_domain(), make.a_staff_user()
    do(staff, domain=domain)
    undo(staff, kind="domain", event_id=log(staff, kind="domain", action="update")[0].event_id)
    domain.refresh_from_db()
    assert (domain.status, domain.deleted_at) == ("active", None)


def test_a_customer_s_suspension_is_undone_and_its_undoing_as_well() -> None:
    customer, staff = make.a_customer(), make.a_staff_user()
    customers.set_customer_status(staff, customer=customer, status="suspended")
    for status in ("active", "suspended"):
        undo(staff, kind="customer", event_id=log(staff, kind="customer", action="update")[0].event_id)
        customer.refresh_from_db()
        assert customer.status == status


@pytest.mark.parametrize(
    ("kind", "row", "delete", "restore"),
    [
        ("domain", make.a_domain, domains.delete_domain, domains.restore_domain),
        ("mailbox", make.a_mailbox, mailboxes.delete_mailbox, mailboxes.restore_mailbox),
        ("alias", make.an_alias, aliases.delete_alias, aliases.restore_alias),
    ],
)
def test_undoing_a_bringing_back_deletes_again_with_the_whole_window_ahead(kind, row, delete, restore) -> None:
    obj, staff, long_ago = row(), make.a_staff_user(), timezone.now() - timedelta(days=29)
    delete(staff, **{kind: obj})
    type(obj).objects.filter(pk=obj.pk).update(deleted_at=long_ago)
    obj.refresh_from_db()
    restore(staff, **{kind: obj})
    undo(staff, kind=kind, event_id=log(staff, kind=kind, action="update")[0].event_id)
    obj.refresh_from_db()
    assert obj.deleted_at - long_ago > timedelta(days=28)


def test_a_token_that_is_nested_without_end_shows_the_first_page_of_the_log(client) -> None:
    client.force_login(make.a_staff_user())
    token = base64.urlsafe_b64encode(b"[" * 3000).decode()
    assert client.get(reverse("accounts:log"), {"before": token}).status_code == 200
