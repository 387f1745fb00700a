"""`manage.py mailconfig`: what it writes, what it keeps, and what it asks for."""

import re
import stat
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

HOSTNAME = "mx.isp.test"
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("servers")]  # the roles' passwords are the cluster's


def mailconfig(directory: Path, *options: str) -> str:
    """What the command says."""
    said = StringIO()
    call_command("mailconfig", str(directory), f"--hostname={HOSTNAME}", *options, stdout=said)
    return said.getvalue()


@pytest.fixture(autouse=True)
def configured(settings) -> None:
    settings.POSTMASTER_ADDRESS = "help@isp.test"


@pytest.mark.parametrize("version", ["2.3", "2.4"])
def test_every_file_is_filled_in_completely(tmp_path: Path, version: str) -> None:
    mailconfig(tmp_path, f"--dovecot={version}")
    files = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(".")]
    names = {str(path.relative_to(tmp_path)) for path in files}
    assert {"postfix/main.cf", "postfix/master.cf", "postfix/pgsql/destinations.cf", "dovecot/dovecot.conf"} <= names
    for path in files:
        text = path.read_text()
        assert text.startswith("# "), f"{path} does not say what it is"
        assert not re.search(r"\{\{|\}\} |\{%", text), f"{path} has something left to fill in"
        assert text.count("{") == text.count("}")


@pytest.mark.django_db(transaction=True)
def test_files_with_passwords_are_closed_and_the_passwords_open_the_database(tmp_path: Path) -> None:
    mailconfig(tmp_path)
    secret = tmp_path / "postfix" / "pgsql" / "destinations.cf"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "postfix" / "main.cf").stat().st_mode) == 0o644
    said = dict(line.split(" = ", 1) for line in secret.read_text().splitlines() if " = " in line)
    host, _, port = said["hosts"].partition(":")
    psycopg.connect(host=host, port=port, dbname=said["dbname"], user=said["user"], password=said["password"]).close()


def test_reserved_names_lead_to_the_postmaster_from_now_on(tmp_path: Path) -> None:
    mailconfig(tmp_path, "--postmaster=night@isp.test")
    with connection.cursor() as cursor:
        cursor.execute("SELECT local_part, destination FROM mta.reserved ORDER BY 1")
        assert cursor.fetchall() == [("abuse", "night@isp.test"), ("postmaster", "night@isp.test")]


def test_a_second_time_changes_nothing_and_a_new_option_changes_our_files(tmp_path: Path) -> None:
    mailconfig(tmp_path)
    assert "written" not in mailconfig(tmp_path)
    assert "main.cf: written" in mailconfig(tmp_path, "--relayhost=[smart.isp.test]:587")
    assert "relayhost = [smart.isp.test]:587" in (tmp_path / "postfix" / "main.cf").read_text()


def test_a_file_changed_by_hand_is_kept_unless_forced(tmp_path: Path) -> None:
    mailconfig(tmp_path)
    main = tmp_path / "postfix" / "main.cf"
    by_hand = main.read_text() + "# mine\n"
    main.write_text(by_hand)
    with pytest.raises(CommandError, match=r"postfix/main\.cf"):
        mailconfig(tmp_path)
    assert main.read_text() == by_hand
    assert main.with_name("main.cf.new").read_text() + "# mine\n" == by_hand
    mailconfig(tmp_path, "--force")
    assert "# mine" not in main.read_text()
    assert not main.with_name("main.cf.new").exists()


def test_it_asks_for_a_postmaster_and_refuses_what_is_no_address(tmp_path: Path, settings) -> None:
    settings.POSTMASTER_ADDRESS = ""
    with pytest.raises(CommandError, match="POSTMASTER_ADDRESS"):
        mailconfig(tmp_path)
    with pytest.raises(CommandError, match="no address"):
        mailconfig(tmp_path, "--postmaster=nobody")


def test_a_password_that_would_need_quoting_is_refused_without_saying_it(tmp_path: Path, settings) -> None:
    settings.MTA_READER_PASSWORD = "has a space in it"
    with pytest.raises(CommandError, match="reader_password") as refused:
        mailconfig(tmp_path)
    assert "has a space" not in str(refused.value)


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "postfix").write_text("a file where a directory should be")
    with pytest.raises(CommandError, match="postfix"):
        mailconfig(tmp_path)
