"""Mailboxes and aliases from a CSV file: looked at first, then all rows or none."""

import threading
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from mail.models import Alias, ImportDraft, Mailbox
from mail.services import csv_import
from roguelink.csv_in import CsvError
from tests import factories as make

pytestmark = pytest.mark.django_db
GB = 1024**3


def verdicts(report: csv_import.Report) -> list[tuple[str, str]]:
    return [(verdict.address, verdict.outcome.value) for verdict in report.verdicts]


@pytest.fixture
def feed():
    make.a_mail_server()
    return make.a_domain("feed.example")


def rows(text: str, kind: str = "mailbox"):
    return csv_import.read(kind, text.encode())


def test_a_dry_run_gives_every_row_a_verdict_and_changes_nothing(feed) -> None:
    make.a_mailbox("old@feed.example", name="Old")
    make.an_alias("sales@feed.example", targets=["x@elsewhere.test"])
    file = "address,name\nnew@feed.example,New\nold@feed.example,Old\nold@feed.example,x\nsales@feed.example,\nbad,\n"

    report = csv_import.dry_run(make.a_staff_user(), kind="mailbox", rows=rows(file))

    assert [outcome for _address, outcome in verdicts(report)] == ["create", "no change", "error", "error", "error"]
    assert "line 3" in report.verdicts[2].text
    assert "alias" in report.verdicts[3].text
    assert not report.can_apply
    assert sum(report.counts.values()) == 5
    assert Mailbox.objects.count() == 1


def test_what_the_dry_run_said_is_what_applying_does_and_the_second_time_nothing(feed) -> None:
    staff = make.a_staff_user()
    file = (
        "address,quota,password,forwards,keep copy\n"
        "one@feed.example,2 GB,,x@elsewhere.test,no\n"
        "two@feed.example,500,very-long-secret-1,,\n"
    )
    assert csv_import.dry_run(staff, kind="mailbox", rows=rows(file)).counts["create"] == 2

    report = csv_import.apply(staff, kind="mailbox", rows=rows(file))

    one, two = Mailbox.objects.order_by("address")
    assert (one.quota_bytes, one.keep_copy, [f.target for f in one.forwards.all()]) == (
        2 * GB,
        False,
        ["x@elsewhere.test"],
    )
    assert two.user.check_password("very-long-secret-1")
    assert one.user.check_password(report.verdicts[0].password)
    assert report.verdicts[1].password == ""
    again = csv_import.apply(staff, kind="mailbox", rows=rows(file))
    assert again.counts["no change"] == 2


def test_an_existing_mailbox_is_changed_where_a_cell_says_so_but_never_its_password(feed) -> None:
    mailbox = make.a_mailbox("old@feed.example", name="Old", quota_bytes=GB)
    before = mailbox.user.password
    report = csv_import.apply(
        make.a_staff_user(),
        kind="mailbox",
        rows=rows("address,name,quota,password\nold@feed.example,New,,another-secret-99\n"),
    )
    mailbox.refresh_from_db()
    mailbox.user.refresh_from_db()
    assert verdicts(report) == [("old@feed.example", "change")]
    assert (mailbox.name, mailbox.quota_bytes, mailbox.user.password) == ("New", GB, before)


def test_a_password_that_cannot_be_hashed_matters_only_where_one_is_needed(feed) -> None:
    make.a_mailbox("old@feed.example", name="Old")
    staff, endless = make.a_staff_user(), "p" * 9_000
    change = rows(f"address,name,password\nold@feed.example,New,{endless}\n")
    assert csv_import.apply(staff, kind="mailbox", rows=change).counts["change"] == 1
    with pytest.raises(csv_import.BulkError, match="too long"):
        csv_import.apply(staff, kind="mailbox", rows=rows(f"address,password\nnew@feed.example,{endless}\n"))


def test_one_wrong_row_means_that_nothing_is_imported(feed) -> None:
    with pytest.raises(csv_import.BulkError, match="Line 3"):
        csv_import.apply(
            make.a_staff_user(), kind="mailbox", rows=rows("address\ngood@feed.example\nb ad@feed.example\n")
        )
    assert not Mailbox.objects.exists()


def test_the_limits_of_the_domain_count_the_rows_before(feed) -> None:
    feed.max_mailboxes = 1
    feed.save()
    report = csv_import.dry_run(
        make.a_staff_user(), kind="mailbox", rows=rows("address\none@feed.example\ntwo@feed.example\n")
    )
    assert [outcome for _address, outcome in verdicts(report)] == ["create", "error"]


def test_a_foreign_domain_reads_like_one_that_is_not_there(feed) -> None:
    admin = make.a_domain_admin(feed)
    make.a_domain("foreign.example")
    report = csv_import.dry_run(
        admin, kind="mailbox", rows=rows("address\nx@foreign.example\nx@nowhere.example\nx@feed.example\n")
    )
    texts = [verdict.text.replace("foreign", "nowhere") for verdict in report.verdicts]
    assert texts[0] == texts[1]
    assert verdicts(report)[2][1] == "create"


def test_aliases_with_catch_all_note_and_end(feed) -> None:
    feed.catch_all_allowed = True
    feed.save()
    file = "alias;goto;comment;until\nsales@feed.example;a@x.test b@x.test;Shop;2030-12-31\n*@feed.example;c@x.test;;\n"
    staff = make.a_staff_user()
    assert csv_import.apply(staff, kind="alias", rows=rows(file, "alias")).counts["create"] == 2
    assert csv_import.apply(staff, kind="alias", rows=rows(file, "alias")).counts["no change"] == 2
    sales = Alias.objects.get(local_part="sales")
    assert sorted(t.target for t in sales.targets.all()) == ["a@x.test", "b@x.test"]
    assert (sales.note, timezone.localdate(sales.expires_at)) == ("Shop", date(2030, 12, 31))
    assert Alias.objects.get(local_part="").address == "@feed.example"


def test_an_exported_alias_that_was_off_is_off_when_it_is_imported(feed) -> None:
    staff = make.a_staff_user()
    off = make.an_alias("old@feed.example", is_active=False, targets=["a@x.test"])
    file = "address,targets,active\nold@feed.example,a@x.test,no\nnew@feed.example,a@x.test,no\n"
    assert csv_import.apply(staff, kind="alias", rows=rows(file, "alias")).counts["create"] == 1
    assert not Alias.objects.filter(is_active=True).exists()
    on = csv_import.apply(staff, kind="alias", rows=rows("address,active\nold@feed.example,yes\n", "alias"))
    off.refresh_from_db()
    assert (on.verdicts[0].text, off.is_active) == ("active", True)


@pytest.mark.parametrize(
    "line",
    [
        "x@feed.example,huge,,",
        "x@feed.example,,short,",
        "x@feed.example,,,maybe",
        "+x@feed.example,,,",
        "@feed.example,,,",
    ],
)
def test_what_makes_no_sense_is_said_at_its_row(feed, line: str) -> None:
    report = csv_import.dry_run(
        make.a_staff_user(), kind="mailbox", rows=rows(f"address,quota,password,keep copy\n{line}\n")
    )
    assert report.counts["error"] == 1
    assert report.verdicts[0].text


def test_a_file_that_is_no_table_is_refused() -> None:
    with pytest.raises(CsvError):
        csv_import.read("mailbox", b"PK\x03\x04\x00")


class TestPages:
    def upload(self, client, text: str, kind: str = "mailbox"):
        file = SimpleUploadedFile("people.csv", text.encode(), content_type="text/csv")
        return client.post(reverse(f"mail:{kind}-import"), {"file": file})

    def test_upload_then_apply_then_a_second_sending_does_nothing(self, client, feed) -> None:
        client.force_login(make.a_staff_user())
        page = self.upload(client, "address\nnew@feed.example\n")
        assert page.status_code == 200
        assert not Mailbox.objects.exists()
        form = page.context["apply_form"].initial

        done = client.post(reverse("mail:mailbox-import-apply"), form)
        again = client.post(reverse("mail:mailbox-import-apply"), form, follow=True)

        assert Mailbox.objects.get().address == "new@feed.example"
        assert done.context["report"].verdicts[0].password.encode() in done.content
        assert "no longer there" in again.content.decode()

    def test_passwords_are_spoken_of_only_where_some_were_generated(self, client, feed) -> None:
        client.force_login(make.a_staff_user())
        for kind, text, spoken in (
            ("mailbox", "address\nnew@feed.example\n", True),
            ("mailbox", "address,name\nnew@feed.example,New\n", False),
            ("alias", "address,targets\nsales@feed.example,a@x.test\n", False),
        ):
            form = self.upload(client, text, kind).context["apply_form"].initial
            done = client.post(reverse(f"mail:{kind}-import-apply"), form)
            assert ("Generated passwords" in done.content.decode()) == spoken, text

    def test_the_upload_is_kept_encrypted_and_opens_only_for_its_owner_with_its_key(self, client, feed) -> None:
        client.force_login(make.a_staff_user())
        form = (
            self.upload(client, "address,password\nnew@feed.example,a-very-secret-word\n").context["apply_form"].initial
        )
        assert b"secret" not in bytes(ImportDraft.objects.get().content)

        client.post(reverse("mail:mailbox-import-apply"), form | {"key": "x" * 44})
        client.force_login(make.a_staff_user())
        client.post(reverse("mail:mailbox-import-apply"), form)
        assert not Mailbox.objects.exists()

    def test_a_wrong_file_says_so_at_the_field(self, client, feed) -> None:
        client.force_login(make.a_staff_user())
        page = self.upload(client, "name\nWalt\n")
        assert page.status_code == 422
        assert "address" in page.context["form"].errors["file"][0]

    def test_the_owner_of_a_mailbox_may_not_import(self, client) -> None:
        client.force_login(make.a_mailbox().user)
        assert client.get(reverse("mail:mailbox-import")).status_code == 403


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


def test_a_catch_all_comes_back_from_its_own_export_as_what_it_was() -> None:
    make.a_catch_all(make.a_domain("feed.example", catch_all_allowed=True), targets=["x@elsewhere.test"])
    rows = csv_import.read("alias", b"address,targets\n'@feed.example,x@elsewhere.test\n")
    report = csv_import.apply(make.a_staff_user(), kind="alias", rows=rows)
    assert report.counts["no change"] == 1
    assert Alias.objects.count() == 1
