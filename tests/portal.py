"""A whole portal of a test's own, as script/server runs it, with data in a folder of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import psutil
import psycopg
from django.urls import reverse

from roguelink import embedded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(is_true: Callable[[], object], *, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.1)
    return False


class Portal:
    """The supervisor, its servers and its web process; and a browser without pictures."""

    def __init__(self, var: Path, *, port: int | None = None, **environment: str) -> None:
        self.var = var
        self.port = port or free_port()
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "roguelink.settings",
            "ROGUELINK_VAR": str(var),
            "PORT": str(self.port),
            **environment,
        }
        self.output = var.parent / f"{var.name}.output"
        self.cookies: SimpleCookie = SimpleCookie()
        self.process: subprocess.Popen[bytes] | None = None

    # --- Its processes ---------------------------------------------------------------------------

    def run(self) -> Portal:
        """Start script/server's program; return at once."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "roguelink.supervisor"],
                cwd=embedded.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self

    def start(self) -> Portal:
        self.run()
        assert eventually(lambda: "The portal is at" in self.said() or self.process.poll() is not None, seconds=90)
        assert self.process.poll() is None, self.said()
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def clean_up(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.embedded("stop")

    def embedded(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "roguelink.embedded", *words],
            check=False,
            cwd=embedded.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def said(self) -> str:
        return self.output.read_text()

    def children(self, word: str) -> list[psutil.Process]:
        """Processes of this portal whose command line has this word."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get("ROGUELINK_VAR") == str(self.var) and word in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def postgres_pid(self) -> int:
        return int((self.var / "postgres" / "postmaster.pid").read_text().splitlines()[0])

    def valkey_pid(self) -> int:
        return int((self.var / "valkey" / "server.pid").read_text())

    @contextlib.contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        kept = json.loads((self.var / "services.json").read_text())
        where = f"127.0.0.1:{kept['postgres_port']}/roguelink"
        with psycopg.connect(f"postgresql://postgres:{kept['postgres_password']}@{where}", autocommit=True) as made:
            yield made

    def count(self, table: str) -> int:
        with self.database() as connection:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    # --- Its pages ---------------------------------------------------------------------------------

    def get(self, path: str, **headers: str) -> tuple[int, str, http.client.HTTPMessage]:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> tuple[int, str, http.client.HTTPMessage]:
        token = self.cookies["csrftoken"].value
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def hidden(self, page: str, name: str) -> str:
        return re.search(rf'name="{name}" value="([^"]*)"', page)[1]

    def sign_in(self, email: str, password: str) -> None:
        self.get(reverse("account_login"))
        status, page, _headers = self.post(reverse("account_login"), login=email, password=password)
        assert status == 302, page

    def answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/healthz")[0] == 200
        return False

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        connection.request(method, path, body, {"Cookie": cookies, **headers})
        response = connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)
        page = response.read().decode()
        connection.close()
        return response.status, page, response.headers
