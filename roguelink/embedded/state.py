"""What must stay the same between starts: ports, passwords and the key, in var/services.json (0600)."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypedDict

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("ROGUELINK_VAR", BASE_DIR / "var")).resolve()
DATABASE = "roguelink"
Port = Literal["postgres_port", "valkey_port"]


class ServicesError(Exception):
    """A server that does not start, in a sentence with a way out."""


class State(TypedDict):
    """The kept values. Lost, the data can no longer be opened: a backup of var/ must hold it too."""

    postgres_port: int
    postgres_password: str
    valkey_port: int
    valkey_password: str
    secret_key: str


def state() -> State:
    """The kept values, made at the first call. Raises ServicesError where they belong to somebody else."""
    path = VAR_DIR / "services.json"
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    with lock("state"):
        if path.exists():
            return _read(path)
        fresh: State = {
            "postgres_port": _free_port(),
            "postgres_password": secrets.token_urlsafe(24),
            "valkey_port": _free_port(),
            "valkey_password": secrets.token_urlsafe(24),
            "secret_key": secrets.token_urlsafe(48),
        }
        _save(fresh)
        return fresh


def move_port(name: Port) -> None:
    """Take another free port: something else listens at the kept one."""
    kept = state()  # makes the file, under the same lock, where there is none
    with lock("state"):
        kept = _read(VAR_DIR / "services.json")
        kept[name] = _free_port()
        _save(kept)


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


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Two starts at once: the second waits, and finds the work done. Raises ServicesError in a foreign var/."""
    try:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        file = (VAR_DIR / f".{name}.lock").open("w")
    except PermissionError as error:
        raise _belongs_to_another() from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def check_owner() -> None:
    """Raise ServicesError where var/ is somebody else's: their servers and ours would lock each other out."""
    if VAR_DIR.exists() and VAR_DIR.stat().st_uid != os.geteuid():
        raise _belongs_to_another()


def program_folder(package: str) -> Path:
    """Where a wheel was installed. Raises ServicesError when it was not."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServicesError(f"The package {package} is missing. Run script/bootstrap, or name a server of your own.")
    return Path(spec.submodule_search_locations[0])


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, and have it on disk before returning."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def log_size(path: Path) -> int:
    """How long a log is now, for `log_since`."""
    return path.stat().st_size if path.exists() else 0


def log_since(path: Path, size: int) -> str:
    """What a server has written since, at most its last 1,500 characters."""
    return path.read_bytes()[size:].decode(errors="replace")[-1500:] if path.exists() else ""


def wait_for(is_true: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.05)
    return False


def _read(path: Path) -> State:
    try:
        kept: State = json.loads(path.read_text())
    except PermissionError as error:
        raise _belongs_to_another() from error
    return kept


def _save(fresh: State) -> None:
    new = VAR_DIR / "services.json.new"
    write_private(new, json.dumps(fresh, indent=1))
    new.replace(VAR_DIR / "services.json")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _belongs_to_another() -> ServicesError:
    folder = next(path for path in (VAR_DIR, *VAR_DIR.parents) if path.exists())
    owner = folder.stat().st_uid
    with contextlib.suppress(KeyError):
        return ServicesError(_FOREIGN.format(folder=folder, owner=pwd.getpwuid(owner).pw_name))
    return ServicesError(_FOREIGN.format(folder=folder, owner=f"user {owner}"))


_FOREIGN = (
    "{folder} belongs to {owner}, and so do the data in it. Run this as {owner}, or keep data of your own "
    "in a folder of yours: ROGUELINK_VAR=/somewhere script/server"
)
