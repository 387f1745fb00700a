"""What is looked at before anything starts. Each raises GiveUp with a way out."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import socket
import time
from collections.abc import Iterator

import psutil

from roguelink import embedded
from roguelink.supervisor.child import LOG_DIR
from roguelink.supervisor.console import GiveUp

FREE_BYTES = 100 * 1024**2  # with less than this, PostgreSQL soon stops
OUR_WEB = "roguelink.wsgi"  # stands in the command line of our own web process
LEFTOVER_SECONDS = 15.0  # after a kill -9 of script/server its web process may need so long to end


def wanted_port() -> int:
    """PORT from the environment, or 8000."""
    wanted = os.environ.get("PORT", "8000")
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise GiveUp(f"PORT={wanted} is no port. Example: PORT=8001 script/server")
    return int(wanted)


def port_is_free(port: int) -> None:
    """Raise GiveUp, with the name of who has it. A web process of ours that is still ending is waited for."""
    end = time.monotonic() + LEFTOVER_SECONDS
    while _is_taken(port):
        holder = _holder(port)
        command = " ".join(holder.cmdline()) if holder and holder.is_running() else ""
        if OUR_WEB not in command or time.monotonic() > end:
            who = (
                f"process {holder.pid} ({command[:80]})"
                if holder
                else "another program (“ss -ltnp” as root shows which)"
            )
            raise GiveUp(
                f"Port {port} is taken by {who}.\n"
                f"Stop that, or take another port: PORT={port + 1 if port < 65535 else 8000} script/server"
            )
        time.sleep(0.1)


def disk_has_room() -> None:
    """Raise GiveUp before PostgreSQL would have to."""
    free = shutil.disk_usage(embedded.VAR_DIR).free
    if free < FREE_BYTES:
        raise GiveUp(
            f"The disk is full: only {free // 1024**2} MB are free in {embedded.VAR_DIR}.\n"
            "Make room, or keep the data elsewhere: ROGUELINK_VAR=/somewhere script/server"
        )


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One script/server for one var/ at a time; the second one raises GiveUp."""
    embedded.check_owner()
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    with (embedded.VAR_DIR / ".server.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise GiveUp(
                "script/server is running already, on the same data. Use that one, stop it first, or run a second "
                "portal with data of its own: ROGUELINK_VAR=/elsewhere PORT=8001 script/server"
            ) from error
        yield


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise GiveUp(f"Only root may listen on port {port}. Example: PORT=8001 script/server") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return True
    return False


def _holder(port: int) -> psutil.Process | None:
    """Who listens there, as far as we may know: a process of somebody else is hidden from us."""
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return psutil.Process(connection.pid)
    return None
