"""script/server brings the portal up, keeps it up, and stops all of it."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Iterator

import psutil
import pytest

from roguelink.supervisor.child import IN_A_ROW, Patience
from roguelink.supervisor.console import GiveUp
from tests.portal import Portal, eventually

pytestmark = [pytest.mark.xdist_group("portal")]

DEMO_HOTLINE = ("hotline@roguelink.example", "fish-the-rogue")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    running = Portal(tmp_path_factory.mktemp("portal") / "var").start()
    yield running
    running.clean_up()


@pytest.fixture
def up(portal: Portal) -> Portal:
    """The portal of this module, running whatever the test before has done to it."""
    return portal if portal.answers() else portal.start()


def test_it_says_what_it_does_and_who_can_sign_in(portal: Portal) -> None:
    said = portal.said()
    for step in ("PostgreSQL", "Valkey", "Tables", "Static files", "Demo ISP", "Web", "Worker and beat"):
        assert f"  {step} " in said
    assert f"http://127.0.0.1:{portal.port}" in said
    assert DEMO_HOTLINE[0] in said
    portal.sign_in(*DEMO_HOTLINE)
    assert portal.get("/")[0] == 200


def test_what_it_writes_down_is_for_its_owner_only(portal: Portal) -> None:
    for name in ("services.json", "valkey/server.conf"):
        assert stat.S_IMODE((portal.var / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((portal.var / "postgres").stat().st_mode) == 0o700
    assert not (portal.var / "postgres.password").exists()


def test_a_second_start_on_the_same_data_is_refused(up: Portal) -> None:
    second = Portal(up.var)
    second.output = up.var.parent / "second.output"
    assert second.run().process.wait(30) == 1
    assert "running already" in second.said()
    assert up.answers()


@pytest.mark.parametrize("words", ["gunicorn roguelink.wsgi", "--quiet worker", "--quiet beat"])
def test_a_process_that_is_killed_is_started_again(up: Portal, words: str) -> None:
    before = {process.pid for process in up.children(words)}
    master = min(before)
    os.kill(master, signal.SIGKILL)
    assert eventually(lambda: up.children(words) and not {process.pid for process in up.children(words)} & before)
    assert eventually(up.answers)
    assert "starting it again" in up.said()


def test_postgresql_killed_comes_back_with_its_data(up: Portal) -> None:
    customers = up.count("accounts_customer")
    before = up.postgres_pid()
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: "PostgreSQL is back, with its data." in up.said())
    assert up.postgres_pid() != before
    assert eventually(up.answers)
    assert up.count("accounts_customer") == customers > 500


def test_valkey_killed_comes_back(up: Portal) -> None:
    os.kill(up.valkey_pid(), signal.SIGKILL)
    assert eventually(lambda: "Valkey is back, with its data." in up.said())
    assert eventually(up.answers)


def test_killed_itself_it_leaves_no_web_or_worker_and_starts_again_with_the_data(up: Portal) -> None:
    customers, postgres = up.count("accounts_customer"), up.postgres_pid()
    up.process.kill()
    up.process.wait()
    assert eventually(lambda: not any(up.children(name) for name in ("gunicorn", "celery")))
    assert psutil.pid_exists(postgres)
    up.start()
    assert up.answers()
    assert up.postgres_pid() == postgres
    assert up.count("accounts_customer") == customers


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_of_it(up: Portal, number: int) -> None:
    servers = [up.postgres_pid(), up.valkey_pid()]
    assert up.stop(number) == 0
    assert "Stopped. The data is kept in" in up.said()
    assert not any(up.children(name) for name in ("gunicorn", "celery"))
    assert eventually(lambda: not any(psutil.pid_exists(pid) and _is_alive(pid) for pid in servers), seconds=5)


def test_a_port_that_is_taken_is_named_with_its_holder_and_a_way_out(portal: Portal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        other = Portal(portal.var.parent / "other", port=port)
        assert other.run().process.wait(30) == 1
    assert f"Port {port} is taken by process {os.getpid()}" in other.said()
    assert f"PORT={port + 1} script/server" in other.said()
    assert not (other.var / "postgres").exists()


@pytest.mark.parametrize("port", ["eight", "0", "65536", ""])
def test_a_port_that_is_none_is_refused(portal: Portal, port: str) -> None:
    other = Portal(portal.var.parent / "other", PORT=port)
    assert other.run().process.wait(30) == 1
    assert "is no port" in other.said()


def test_patience_waits_longer_each_time_and_ends() -> None:
    patience = Patience()
    pauses = [patience.pause("It does not work.") for _time in range(IN_A_ROW)]
    assert pauses == sorted(set(pauses))
    with pytest.raises(GiveUp, match="It does not work"):
        patience.pause("It does not work.")


def _is_alive(pid: int) -> bool:
    return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
