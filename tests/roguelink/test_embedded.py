"""Our own PostgreSQL and Valkey: started once, found again, and never left half made."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from roguelink import embedded
from tests.portal import Portal

pytestmark = [pytest.mark.xdist_group("portal")]


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Portal]:
    """A var/ of its own; as root it lies in a folder that is closed to everybody else, like /root."""
    made = Portal(tmp_path / "var with a space")
    yield made
    made.embedded("stop")


def kept(servers: Portal) -> dict[str, object]:
    return json.loads((servers.var / "services.json").read_text())


def test_two_starts_at_once_give_one_of_each(servers: Portal) -> None:
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda _time: servers.embedded("start", "--fast"), range(2)))
    assert [result.returncode for result in results] == [0, 0], results
    assert servers.embedded("status").stdout == "PostgreSQL up, Valkey up\n"
    for name in ("postgres", "valkey"):
        log = (servers.var / name / "server.log").read_text().lower()
        assert log.count("ready to accept connections") == 1


def test_they_keep_ports_passwords_and_data_over_a_kill_9_of_both(servers: Portal) -> None:
    servers.embedded("start")
    before = kept(servers)
    with servers.database() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
    os.kill(servers.postgres_pid(), signal.SIGKILL)
    os.kill(servers.valkey_pid(), signal.SIGKILL)
    assert servers.embedded("start").returncode == 0
    assert kept(servers) == before
    assert servers.count("kept") == 1


def test_a_port_that_somebody_took_meanwhile_is_exchanged(servers: Portal) -> None:
    servers.embedded("start", "--fast")
    servers.embedded("stop")
    before = kept(servers)
    with (
        socket.create_server(("127.0.0.1", before["postgres_port"])),
        socket.create_server(("127.0.0.1", before["valkey_port"])),
    ):
        assert servers.embedded("start", "--fast").returncode == 0
    moved = {name for name, value in kept(servers).items() if before[name] != value}
    assert moved == {"postgres_port", "valkey_port"}


def test_a_cluster_that_was_left_half_made_is_made_anew(servers: Portal) -> None:
    half = servers.var / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert servers.embedded("start", "--fast").returncode == 0
    assert not half.exists()


def test_passwords_that_do_not_fit_the_data_are_explained(servers: Portal) -> None:
    servers.embedded("start", "--fast")
    servers.embedded("stop")
    (servers.var / "services.json").unlink()
    failed = servers.embedded("start", "--fast")
    assert failed.returncode == 1
    assert "put the old one back" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="to root nothing is closed")
def test_a_folder_that_belongs_to_somebody_else_is_explained(servers: Portal) -> None:
    servers.environment["ROGUELINK_VAR"] = "/usr/lib"
    failed = servers.embedded("start")
    assert failed.returncode == 1
    assert "belongs to root" in failed.stderr


def test_a_full_disk_is_noticed_before_anything_is_made(tmp_path: Path) -> None:
    program = (
        "import shutil\n"
        "from roguelink import embedded\n"
        "shutil.disk_usage = lambda path: shutil._ntuple_diskusage(10**9, 10**9, 5 * 1024**2)\n"
        "try: embedded.start_postgres()\n"
        "except embedded.ServicesError as error: print(error)\n"
    )
    environment = {**os.environ, "ROGUELINK_VAR": str(tmp_path / "var")}
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=embedded.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "The disk is full: 5 MB free" in said
    assert "ROGUELINK_VAR=/somewhere" in said
    assert not (tmp_path / "var" / "postgres").exists()


def test_settings_load_on_a_fresh_checkout_and_start_nothing(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
        "ROGUELINK_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "roguelink.settings",
    }
    command = [sys.executable, "manage.py", "check"]
    subprocess.run(command, cwd=embedded.BASE_DIR, env=environment, check=True)
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == [".state.lock", "services.json"]
