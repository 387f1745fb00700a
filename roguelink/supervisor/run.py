"""Everything that runs, in the order in which it starts."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.management import call_command

from roguelink import embedded
from roguelink.supervisor import checks
from roguelink.supervisor.child import Child, Patience
from roguelink.supervisor.console import GiveUp, say, say_step, step
from roguelink.supervisor.prepare import prepare

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
START_SECONDS = 60.0


@dataclass
class Server:
    """PostgreSQL or Valkey, where it is ours."""

    name: str
    is_up: Callable[[], bool]
    start: Callable[[], None]
    stop: Callable[[], None]
    patience: Patience = field(default_factory=Patience)

    def keep_up(self) -> None:
        """Start it again if it is away. Raises GiveUp when it goes away again and again."""
        if self.is_up():
            return
        say(f"{self.name} is away; starting it again.")
        time.sleep(self.patience.pause(f"{self.name} ends again and again. See its server.log in {embedded.VAR_DIR}"))
        self.start()
        say(f"{self.name} is back, with its data.")


class Supervisor:
    """One portal: its servers and its processes."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.servers = _servers()
        celery = ("celery", "--app", "roguelink", "--quiet")
        self.web = Child("web", "gunicorn", "roguelink.wsgi", *_gunicorn_options(port))
        self.workers = [
            Child("worker", *celery, "worker", "--concurrency", "2", "--loglevel", "INFO"),
            Child("beat", *celery, "beat", "--schedule", str(embedded.VAR_DIR / "beat"), "--pidfile", ""),
        ]

    def run(self) -> None:
        """Bring everything up and keep it up until a signal comes."""
        say(f"{os.environ.get('SITE_NAME', 'RogueLink')} is starting")
        if started := os.environ.get("ROGUELINK_STARTED"):  # by script/server, before script/bootstrap
            say_step("Python packages", time.time() - int(started) / 1e9)
        checks.port_is_free(self.port)
        checks.disk_has_room()
        try:
            self.start()
            self.welcome()
            self.watch()
        finally:
            self.stop()

    def start(self) -> None:
        """Bring everything up; the web process first of its kind, because people wait for it."""
        for server in self.servers:
            with step(server.name):
                server.start()
        prepare()
        with step("Web"):
            self.web.start()
            self.wait_until_it_answers()
        with step("Worker and beat"):
            for child in self.workers:
                child.start()

    def wait_until_it_answers(self) -> None:
        """Raises GiveUp when the web process ends, or says nothing for a minute."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and not self.web.has_ended():
            if _answers(self.port):
                return
            time.sleep(0.05)
        raise GiveUp(f"The portal does not start. {self.web.last_words()}")

    def welcome(self) -> None:
        """The address, and who can sign in."""
        say(f"\nThe portal is at http://127.0.0.1:{self.port}   (Ctrl-C stops it; the data stays)\n")
        if settings.DEMO:
            call_command("demo", logins=True)

    def watch(self) -> None:
        """Look every second whether all of it is up, and mend what is not."""
        where = self.addresses()
        while True:
            time.sleep(1)
            for server in self.servers:
                server.keep_up()
            if self.addresses() != where:
                say("A server has another port now; telling the portal.")
                where = self.addresses()
                self.stop_children()
            for child in (self.web, *self.workers):
                child.keep_up()

    def addresses(self) -> tuple[str, ...]:
        """Where our servers listen."""
        return (embedded.database_url(), embedded.redis_url()) if self.servers else ()

    def stop_children(self) -> None:
        """Let them finish what they are doing, all at the same time."""
        children = (*reversed(self.workers), self.web)
        for child in children:
            child.terminate()
        for child in children:
            child.wait()

    def stop(self) -> None:
        """Stop all of it, the last one first. A second Ctrl-C must not leave half of it running."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self.stop_children()
        for server in reversed(self.servers):
            server.stop()


def _servers() -> list[Server]:
    servers = []
    if not os.environ.get("DATABASE_URL"):
        servers.append(Server("PostgreSQL", embedded.postgres_is_up, embedded.start_postgres, embedded.stop_postgres))
    if not os.environ.get("REDIS_URL"):
        servers.append(Server("Valkey", embedded.valkey_is_up, embedded.start_valkey, embedded.stop_valkey))
    return servers


def _gunicorn_options(port: int) -> list[str]:
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": "2",
        "threads": "4",
        "worker-tmp-dir": "/dev/shm",  # noqa: S108 (gunicorn's heartbeat must not wait for a disk)
        "graceful-timeout": "5",
        "timeout": "120",
    }
    # One import for both processes: the second start must be quick. The socket is for a tool we do not use.
    return [
        "--preload",
        "--no-control-socket",
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]


def _answers(port: int) -> bool:
    """Whether the portal does, be it with a complaint: ALLOWED_HOSTS may not know 127.0.0.1."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
