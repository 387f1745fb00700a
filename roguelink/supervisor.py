"""What script/server runs: brings everything up, one line a step, and keeps it up until Ctrl-C.

Web, worker and beat die with this process, however it dies (the kernel sends them a signal); PostgreSQL and
Valkey outlive a kill -9 of it and are found by the next start.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import django
import environ
from django.conf import settings
from django.core.management import call_command

from roguelink import embedded

PR_SET_PDEATHSIG = 1  # prctl(2)
FREE_BYTES = 100 * 1024**2  # with less than this, PostgreSQL soon stops
RESTARTS = 5  # in a row, each within a minute of the last: then something is really wrong


class GiveUp(Exception):
    """It cannot go on; the message says why, and what to do."""


def say(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """One line a step, with how long it took."""
    begun = time.monotonic()
    sys.stdout.write(f"  {name:<34}")
    sys.stdout.flush()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - begun:6.1f} s")


class Child:
    """A process that is started again when it ends by itself."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = [sys.executable, "-m", *command]
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts: list[float] = []

    def start(self) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches only us."""
        log = (embedded.VAR_DIR / "log" / f"{self.name}.log").open("ab")
        with log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_us,  # noqa: PLW1509
            )

    def keep_up(self) -> None:
        """Start it again if it has ended. Raises GiveUp when it ends again and again."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        self.restarts = [*(moment for moment in self.restarts if now - moment < 60), now]
        if len(self.restarts) > RESTARTS:
            raise GiveUp(f"The {self.name} ends again and again. See {embedded.VAR_DIR / 'log' / self.name}.log")
        say(f"The {self.name} has ended (status {self.process.returncode}); starting it again.")
        self.start()

    def stop(self) -> None:
        """Let it finish what it is doing, for ten seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Everything that runs, in the order in which it starts."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.own_postgres = not os.environ.get("DATABASE_URL")
        self.own_valkey = not os.environ.get("REDIS_URL")
        celery = ["celery", "--app", "roguelink", "--quiet"]
        gunicorn = ["gunicorn", "roguelink.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
        self.children = [
            Child(
                "web",
                [
                    *gunicorn,
                    "--no-control-socket",
                    "--worker-tmp-dir",
                    "/dev/shm",  # noqa: S108 (a RAM disk, as gunicorn asks for)
                    "--graceful-timeout",
                    "5",
                    "--timeout",
                    "120",
                ],
            ),
            Child("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"]),
            Child("beat", [*celery, "beat", "--schedule", str(embedded.VAR_DIR / "beat"), "--pidfile", ""]),
        ]

    def run(self) -> None:
        """Bring everything up and keep it up until a signal comes."""
        say(f"{os.environ.get('SITE_NAME', 'RogueLink')} is starting")
        _packages_line()
        _check_port(self.port)
        _check_disk()
        try:
            self.start_services()
            self.prepare()
            with step("Web, worker, beat"):
                for child in self.children:
                    child.start()
                self.wait_until_it_answers()
            self.welcome()
            self.watch()
        finally:
            self.stop()

    def start_services(self) -> None:
        """PostgreSQL and Valkey, where they are ours."""
        if self.own_postgres:
            with step("PostgreSQL"):
                embedded.start_postgres()
        if self.own_valkey:
            with step("Valkey"):
                embedded.start_valkey()

    def prepare(self) -> None:
        """Tables, static files, and the demo ISP the first time."""
        with step("Tables"):
            django.setup()
            call_command("migrate", verbosity=0, interactive=False)
        with step("Static files"):
            _collect_static()
        if settings.DEMO:
            with step("Demo ISP"):
                call_command("demo", if_empty=True, stdout=io.StringIO())

    def wait_until_it_answers(self) -> None:
        """Until /healthz says ok. Raises GiveUp after a minute, or when the web process has ended."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2)
                return
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    raise GiveUp(f"The {child.name} does not start. See {embedded.VAR_DIR / 'log' / child.name}.log")
            time.sleep(0.05)
        raise GiveUp(f"The portal does not answer. See {embedded.VAR_DIR / 'log' / 'web.log'}")

    def welcome(self) -> None:
        """The address, and who can sign in."""
        say(f"\nThe portal is at http://127.0.0.1:{self.port}   (Ctrl-C stops it; the data stays)\n")
        if settings.DEMO:
            call_command("demo", logins=True)

    def watch(self) -> None:
        """Look every second whether all of it is up, and mend what is not."""
        while True:
            time.sleep(1)
            if self.own_postgres and not embedded.postgres_is_up():
                say("PostgreSQL is away; starting it again.")
                embedded.start_postgres()
                say("PostgreSQL is back, with its data.")
            if self.own_valkey and not embedded.valkey_is_up():
                say("Valkey is away; starting it again.")
                embedded.start_valkey()
            for child in self.children:
                child.keep_up()

    def stop(self) -> None:
        """Stop all of it, the last one first."""
        for child in reversed(self.children):
            child.stop()
        if self.own_valkey:
            embedded.stop_valkey()
        if self.own_postgres:
            embedded.stop_postgres()


def _die_with_us() -> None:
    """In the child, before it becomes its program: the kernel ends it when our process is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _packages_line() -> None:
    """How long script/bootstrap took, which ran before this program."""
    if started := os.environ.get("ROGUELINK_STARTED"):
        say(f"  {'Python packages':<34}{time.time() - int(started) / 1e9:6.1f} s")


def _port() -> int:
    wanted = os.environ.get("PORT", "8000")
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise GiveUp(f"PORT={wanted} is no port. Example: PORT=8001 script/server")
    return int(wanted)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise GiveUp(
                f"Port {port} is taken: something else listens there (“ss -ltnp” shows what).\n"
                f"Stop that, or take another port: PORT={port + 1} script/server"
            ) from error


def _check_disk() -> None:
    free = shutil.disk_usage(embedded.VAR_DIR).free
    if free < FREE_BYTES:
        raise GiveUp(
            f"The disk is full: only {free // 1024**2} MB are free in {embedded.VAR_DIR}.\n"
            "Make room, or keep the data elsewhere: ROGUELINK_VAR=/somewhere script/server"
        )


def _collect_static() -> None:
    """Only when a file has changed: comparing is quicker than compressing them all again."""
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    digest = hashlib.sha256()
    for path in sorted(path for root in settings.STATICFILES_DIRS for path in Path(root).rglob("*") if path.is_file()):
        about = path.stat()
        digest.update(f"{path}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One script/server for one var/ at a time."""
    (embedded.VAR_DIR / "log").mkdir(parents=True, exist_ok=True)
    with (embedded.VAR_DIR / ".server.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise GiveUp(
                "script/server is running already, on the same data. Use that one, stop it first, or run a second "
                "portal with data of its own: ROGUELINK_VAR=/elsewhere PORT=8001 script/server"
            ) from error
        yield


def _interrupted(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run until a signal; 0 when it was stopped, 1 when it had to give up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roguelink.settings")
    environ.Env.read_env(embedded.BASE_DIR / ".env")
    os.environ.setdefault("ROGUELINK_DEMO", "1")
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        with _alone():
            Supervisor(_port()).run()
    except KeyboardInterrupt:
        say("\nStopped. The data is kept in " + str(embedded.VAR_DIR))
    except (GiveUp, embedded.ServicesError) as problem:
        say(f"\n{problem}")
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say("\nThe disk is full. Make room and start again; the data is kept.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
