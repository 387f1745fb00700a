"""PostgreSQL or Valkey is away for a while: a page says so, nothing is half written, and it mends by itself."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from psycopg.errors import AdminShutdown, DeadlockDetected

from roguelink.middleware import RequestIdFilter, away_response
from tests.portal import Portal, eventually

pytestmark = [pytest.mark.xdist_group("portal")]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Signed in; its supervisor sleeps, so that what the test stops stays stopped."""
    running = Portal(tmp_path_factory.mktemp("away") / "var").start()
    running.sign_in("hotline@roguelink.example", "fish-the-rogue")
    running.process.send_signal(signal.SIGSTOP)
    yield running
    running.clean_up()


def test_without_postgresql_each_page_says_so_and_works_again_by_itself(portal: Portal) -> None:
    assert portal.get("/customers/")[0] == 200
    os.kill(portal.postgres_pid(), signal.SIGKILL)
    for path in ("/customers/", reverse("account_login"), "/healthz"):
        status, page, headers = portal.get(path)
        assert (path, status) == (path, 503)
        assert headers["Retry-After"] == "5"
        assert "away for a moment" in page
        assert headers["X-Request-ID"] in page
    assert portal.embedded("start").returncode == 0
    assert eventually(lambda: portal.get("/customers/")[0] == 200, seconds=10)
    # Every process and every connection of the pools: none hands out one that was cut.
    assert {portal.get("/customers/")[0] for _time in range(20)} == {200}


def test_a_form_sent_while_postgresql_is_away_writes_nothing_and_can_be_sent_again(portal: Portal) -> None:
    fields = new_customer(portal)
    before = portal.count("accounts_customer"), portal.count("accounts_contact")
    os.kill(portal.postgres_pid(), signal.SIGKILL)
    status, page, _headers = portal.post("/customers/new/", **fields)
    assert status == 503
    assert "as a whole or not at all" in page
    assert portal.embedded("start").returncode == 0
    assert (portal.count("accounts_customer"), portal.count("accounts_contact")) == before
    assert portal.post("/customers/new/", **fields)[0] == 302
    assert portal.count("accounts_customer") == before[0] + 1


def test_postgresql_killed_in_the_middle_of_a_form_leaves_nothing_half_written(portal: Portal) -> None:
    fields = new_customer(portal)
    before = portal.count("accounts_customer"), portal.count("accounts_contact")
    answers: list[int] = []
    sender = threading.Thread(target=lambda: answers.append(portal.post("/customers/new/", **fields)[0]))
    with portal.database() as holder:
        holder.autocommit = False
        holder.execute("LOCK TABLE accounts_contact IN EXCLUSIVE MODE")  # the customer goes in, the contact waits
        sender.start()
        with portal.database() as watcher:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            assert eventually(lambda: watcher.execute(waiting).fetchone()[0])
        os.kill(portal.postgres_pid(), signal.SIGKILL)
        sender.join(30)
        holder.close()
    assert answers == [503]
    assert portal.embedded("start").returncode == 0
    assert (portal.count("accounts_customer"), portal.count("accounts_contact")) == before


def test_without_valkey_signing_in_says_so_and_works_again_by_itself(portal: Portal) -> None:
    os.kill(portal.valkey_pid(), signal.SIGKILL)
    assert portal.get("/healthz")[0] == 503
    status, page, _headers = portal.post(reverse("account_login"), login="owner@roguelink.example", password="wrong")
    assert (status, "away for a moment" in page) == (503, True)
    assert portal.get("/customers/")[0] == 200  # needs no Valkey
    assert portal.embedded("start").returncode == 0
    assert eventually(portal.answers, seconds=10)


def test_a_deadlock_is_not_taken_for_an_absent_server() -> None:
    request = RequestFactory().get("/")
    assert away_response(request, error_from(DeadlockDetected("deadlock detected"))) is None
    assert away_response(request, ValueError("of the view")) is None
    assert away_response(request, error_from(AdminShutdown("terminating connection"))).status_code == 503


@pytest.mark.django_db
class TestRequestId:
    """Each answer has a number, which a proxy may have given."""

    def test_it_is_made_where_there_is_none(self, client: Client) -> None:
        numbers = {client.get("/healthz")["X-Request-ID"] for _time in range(3)}
        assert len(numbers) == 3
        assert all(re.fullmatch("[0-9a-f]{16}", number) for number in numbers)

    def test_that_of_the_proxy_is_kept(self, client: Client) -> None:
        assert client.get("/healthz", headers={"X-Request-ID": "proxy-0001"})["X-Request-ID"] == "proxy-0001"

    @pytest.mark.parametrize("forged", ["short", "a\tb\tc\td\te", "x" * 65, "1234567 ERROR"])
    def test_one_that_could_forge_a_log_line_is_not(self, client: Client, forged: str) -> None:
        assert client.get("/healthz", headers={"X-Request-ID": forged})["X-Request-ID"] != forged

    def test_it_is_in_each_line_of_the_log(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        caplog.handler.addFilter(RequestIdFilter())
        client.get("/no-such-page", headers={"X-Request-ID": "proxy-0002"})
        assert [record.request_id for record in caplog.records if "no-such-page" in record.getMessage()] == [
            "proxy-0002"
        ]


def new_customer(portal: Portal) -> dict[str, str]:
    """What a person has filled in on the page for a new customer."""
    page = portal.get("/customers/new/")[1]
    submission = portal.hidden(page, "submission")
    return {"submission": submission, "kind": "person", "name": "Ada Ames", "phone": "+15415550100", "country": "US"}


def error_from(cause: Exception) -> OperationalError:
    """As Django raises what psycopg has said."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error
