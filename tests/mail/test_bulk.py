"""One wish about many objects: all of them or none."""

import threading

import pytest
from django.db import connection

from accounts.models import User
from mail.errors import BulkError
from mail.models import Alias, Mailbox
from mail.services import bulk
from tests import factories as make

pytestmark = pytest.mark.django_db
GB = 1024**3


def ids(*objects: Mailbox | Alias) -> list[int]:
    return [obj.pk for obj in objects]


def fresh(actor: User, *objects: Mailbox) -> list[Mailbox]:
    return list(Mailbox.objects.visible_to(actor).select_related("domain").filter(pk__in=ids(*objects)))


def test_the_preview_says_what_will_happen_and_changes_nothing() -> None:
    actor = make.a_staff_user()
    one, two = make.a_mailbox(), make.a_mailbox(status="suspended")

    verdicts = bulk.preview(actor, wish="suspend", objects=[one, two])

    assert [(v.applies, str(v.text)) for v in verdicts] == [
        (True, "will be suspended"),
        (False, "is suspended already"),
    ]
    one.refresh_from_db()
    assert one.status == "active"


def test_it_is_done_to_all_and_counts_their_versions_up() -> None:
    actor = make.a_staff_user()
    boxes = [make.a_mailbox() for _ in range(3)]

    assert bulk.apply(actor, model=Mailbox, wish="suspend", ids=ids(*boxes)) == 3

    assert {(box.status, box.version) for box in fresh(actor, *boxes)} == {("suspended", 2)}


def test_nothing_is_done_when_one_of_them_has_changed_since_the_preview() -> None:
    actor = make.a_staff_user()
    one, two = make.a_mailbox(), make.a_mailbox(status="suspended")

    with pytest.raises(BulkError, match=f"because of {two.address}: is suspended already"):
        bulk.apply(actor, model=Mailbox, wish="suspend", ids=ids(one, two))
    with pytest.raises(BulkError, match="changed since"):
        bulk.apply(actor, model=Mailbox, wish="suspend", ids=[one.pk, 0])

    one.refresh_from_db()
    assert one.status == "active"


def test_a_domain_administrator_reaches_only_his_own() -> None:
    mine, foreign = make.a_mailbox(), make.a_mailbox()
    actor = make.a_domain_admin(mine.domain)

    with pytest.raises(BulkError):
        bulk.apply(actor, model=Mailbox, wish="delete", ids=ids(mine, foreign))
    assert bulk.apply(actor, model=Mailbox, wish="delete", ids=ids(mine)) == 1

    foreign.refresh_from_db()
    assert foreign.deleted_at is None


def test_without_the_switch_nothing_applies() -> None:
    mailbox = make.a_mailbox()
    actor = make.a_domain_admin(mailbox.domain, manage_mailboxes=False, set_quotas=False)

    for wish in ("suspend", "delete", "quota"):
        verdicts = bulk.preview(actor, wish=wish, objects=[mailbox], value=GB)
        assert [verdict.applies for verdict in verdicts] == [False]


def test_a_quota_keeps_to_the_largest_mailbox_of_the_domain() -> None:
    actor = make.a_staff_user()
    mailbox = make.a_mailbox(domain=make.a_domain(quota_mailbox_bytes=2 * GB), quota_bytes=GB)

    for too_large in (3 * GB, 0):
        (verdict,) = bulk.preview(actor, wish="quota", objects=[mailbox], value=too_large)
        assert not verdict.applies
    assert bulk.apply(actor, model=Mailbox, wish="quota", ids=ids(mailbox), value=2 * GB) == 1


def test_no_mailbox_goes_without_a_limit_where_the_domain_has_one() -> None:
    for limit in ("quota_mailbox_bytes", "quota_total_bytes"):
        box = make.a_mailbox(domain=make.a_domain(**{limit: 5 * GB}), quota_bytes=GB)
        admin = make.a_domain_admin(box.domain)
        with pytest.raises(BulkError, match="needs a limit"):
            bulk.apply(admin, model=Mailbox, wish="quota", ids=ids(box), value=0)


def test_a_quota_keeps_to_the_total_of_the_domain() -> None:
    actor = make.a_staff_user()
    domain = make.a_domain(quota_total_bytes=3 * GB)
    boxes = [make.a_mailbox(domain=domain, quota_bytes=GB) for _ in range(2)]

    with pytest.raises(BulkError, match="larger than the domain"):
        bulk.apply(actor, model=Mailbox, wish="quota", ids=ids(*boxes), value=2 * GB)

    assert {box.quota_bytes for box in fresh(actor, *boxes)} == {GB}


def test_aliases_are_switched_off_and_deleted_too() -> None:
    actor = make.a_staff_user()
    alias = make.an_alias()

    bulk.apply(actor, model=Alias, wish="deactivate", ids=ids(alias))
    bulk.apply(actor, model=Alias, wish="delete", ids=ids(alias))

    alias.refresh_from_db()
    assert not alias.is_active
    assert alias.deleted_at


def test_aliases_that_would_close_a_circle_stay_off() -> None:
    there = make.an_alias("there@feed.example", targets=["back@feed.example"])
    back = make.an_alias("back@feed.example", domain=there.domain, targets=[there.address], is_active=False)
    with pytest.raises(BulkError, match="in a circle"):
        bulk.apply(make.a_staff_user(), model=Alias, wish="activate", ids=ids(back))
    back.refresh_from_db()
    assert not back.is_active


def test_the_number_of_queries_does_not_grow_with_the_selection(django_assert_max_num_queries) -> None:
    actor = make.a_staff_user()
    boxes = [make.a_mailbox() for _ in range(20)]

    with django_assert_max_num_queries(10):
        bulk.apply(actor, model=Mailbox, wish="suspend", ids=ids(*boxes))


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_do_not_exceed_the_total_of_a_domain() -> None:
    actor = make.a_staff_user()
    domain = make.a_domain(quota_total_bytes=3 * GB)
    boxes = [make.a_mailbox(domain=domain, quota_bytes=GB) for _ in range(2)]
    refused: list[BulkError] = []
    start = threading.Barrier(2)

    def ask(box: Mailbox) -> None:
        start.wait()
        try:
            bulk.apply(actor, model=Mailbox, wish="quota", ids=ids(box), value=2 * GB)
        except BulkError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[box]) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert sorted(box.quota_bytes for box in fresh(actor, *boxes)) == [GB, 2 * GB]
