"""What a strict reader found, each told as it should be."""

import base64
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Submission
from accounts.services import domains, submissions
from accounts.services.domains import DomainError
from mail.errors import MailboxError
from mail.models import Alias
from mail.services import bulk, csv_import, mailboxes
from tests import factories as make

pytestmark = pytest.mark.django_db
GB = 1024**3


@pytest.mark.django_db(transaction=True)
def test_two_files_over_the_same_domains_do_not_wait_for_each_other_for_ever() -> None:
    staff = make.a_staff_user()
    make.a_mail_server()
    for name in ("a.example", "b.example"):
        make.a_domain(name)
    lines = [f"x{n}@{name}.example,t@elsewhere.test" for n in range(15) for name in ("a", "b")]
    files = ["alias,targets\n" + "\n".join(order) + "\n" for order in (lines, lines[::-1])]
    failed: list[OperationalError] = []
    start = threading.Barrier(2)

    def run(text: str) -> None:
        start.wait()
        try:
            csv_import.dry_run(staff, kind="alias", rows=csv_import.read("alias", text.encode()))
        except OperationalError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[text]) for text in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_space_may_be_given_back_where_a_domain_has_more_than_it_may_have_now() -> None:
    staff = make.a_staff_user()
    domain = make.a_domain(quota_total_bytes=6 * GB)
    one, two = (make.a_mailbox(domain=domain, quota_bytes=5 * GB) for _ in range(2))
    mailboxes.change_mailbox(staff, mailbox=one, version=None, quota_bytes=4 * GB)
    bulk.apply(staff, model=type(two), wish="quota", ids=[two.pk], value=3 * GB)
    with pytest.raises(MailboxError):
        mailboxes.change_mailbox(staff, mailbox=one, version=None, quota_bytes=5 * GB)


def test_a_mailbox_is_not_brought_back_to_forward_where_its_domain_may_not_any_more() -> None:
    mailbox = make.a_mailbox(deleted_at=timezone.now(), domain=make.a_domain(external_forwards_allowed=False))
    make.a_forward(mailbox, "x@elsewhere.test")
    with pytest.raises(MailboxError, match="elsewhere"):
        mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox)


def test_a_mailbox_without_a_limit_comes_back_with_the_usual_one_where_there_are_limits_now() -> None:
    domain = make.a_domain(quota_mailbox_bytes=2 * GB, quota_default_bytes=GB)
    mailbox = make.a_mailbox(deleted_at=timezone.now(), domain=domain, quota_bytes=0)
    assert mailboxes.restore_mailbox(make.a_staff_user(), mailbox=mailbox).quota_bytes == GB


def test_a_domain_with_mailboxes_does_not_become_a_backup_server_only() -> None:
    domain = make.a_mailbox().domain
    with pytest.raises(DomainError) as refused:
        domains.change_domain(make.a_staff_user(), domain=domain, version=None, kind="relay")
    assert refused.value.field == "kind"


def test_a_catch_all_comes_back_from_its_own_export_as_what_it_was() -> None:
    make.a_catch_all(make.a_domain("feed.example", catch_all_allowed=True), targets=["x@elsewhere.test"])
    rows = csv_import.read("alias", b"address,targets\n'@feed.example,x@elsewhere.test\n")
    report = csv_import.apply(make.a_staff_user(), kind="alias", rows=rows)
    assert report.counts["no change"] == 1
    assert Alias.objects.count() == 1


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


def test_a_token_that_is_nested_without_end_shows_the_first_page_of_the_log(client) -> None:
    client.force_login(make.a_staff_user())
    token = base64.urlsafe_b64encode(b"[" * 3000).decode()
    assert client.get(reverse("accounts:log"), {"before": token}).status_code == 200


def test_tokens_of_forms_are_forgotten_after_two_days() -> None:
    user = make.a_user()
    for days, token in ((1, "0" * 32), (3, "1" * 32)):
        Submission.objects.create(token=token, user=user, created_at=timezone.now() - timedelta(days=days))
    assert submissions.forget_old() == 1
