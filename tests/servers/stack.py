"""A private Postfix and Dovecot, from exactly the files that `manage.py mailconfig` writes.

Everything lives in a directory of its own below /tmp (socket paths must be short), listens on high ports of
127.0.0.1, and is gone after `stop`. Mail to elsewhere ends in `outside`; nothing leaves the machine.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.management import call_command

from mail.configuration import Ports
from tests.servers.certificate import write_certificate

HOST = "127.0.0.1"
HOSTNAME = "mx.isp.test"
POSTMASTER = "postmaster@isp.elsewhere.test"
MAIL_UID = 17200  # nobody's: Dovecot needs a number, not an account
PROGRAMS = ("/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/bin/doveadm")
PATIENCE = 15  # seconds for something that takes a fraction of one

Found = TypeVar("Found")


def missing() -> str:
    """Why there can be no servers here; empty when there can."""
    if os.geteuid() != 0:
        return "real mail servers are started by root"
    absent = [program for program in PROGRAMS if not Path(program).exists()]
    return f"not installed: {', '.join(absent)}" if absent else ""


def eventually(what: str, look: Callable[[], Found | None], *, patience: float = PATIENCE) -> Found:
    """What `look` finds, as soon as it finds something. Fails when it never does."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"In {patience} seconds there was no {what}.")
        time.sleep(0.05)


class Outside:
    """The rest of the world: takes every message and keeps it as (sender, recipient, text)."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, str]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        text = (envelope.content or b"").decode("latin-1")
        self.messages += [(envelope.mail_from or "", recipient, text) for recipient in envelope.rcpt_tos]
        return "250 taken"

    def receives(self, recipient: str, *, subject: str) -> str:
        """The text of a message, waiting for it."""

        def look() -> str | None:
            return next((t for _, to, t in self.messages if to == recipient and f"Subject: {subject}" in t), None)

        return eventually(f"mail “{subject}” to {recipient} outside", look)


class MailStack:
    """The two servers. `ports` names where they listen; `old` is a second Dovecot to be proxied to, when asked."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="rl", dir="/tmp"))
        self.root.chmod(0o755)
        first = free_ports(len(fields(Ports)) + 1)
        self.ports = Ports.counted_from(first)
        self.outside = Outside()
        self._sink = Controller(self.outside, hostname=HOST, port=first + len(fields(Ports)))

    @property
    def etc(self) -> Path:
        """Where the configuration lies."""
        return self.root / "etc"

    def start(self) -> None:
        """Write the configuration and start both servers; the database must be there already."""
        for left in self.root.parent.glob("rl*/test.pid"):
            if not Path(f"/proc/{left.read_text()}").exists():  # a test run that was killed
                stop_servers(left.parent)
        (self.root / "test.pid").write_text(str(os.getpid()))
        self._sink.start()
        for name in ("data", "log", "mail", "run", "spool", "state"):
            (self.root / name).mkdir()
        os.chown(self.root / "mail", MAIL_UID, MAIL_UID)
        shutil.chown(self.root / "data", "postfix")
        write_certificate(self.root / "tls.pem", self.root / "tls.key", HOSTNAME)
        self.configure()
        self._run("postfix", "-c", self.etc / "postfix", "start")
        eventually("directory for sockets", (self.root / "spool" / "private").is_dir)
        self._run("dovecot", "-c", self.etc / "dovecot" / "dovecot.conf")
        for port in (self.ports.smtp, self.ports.submission, self.ports.imaps, self.ports.lmtp, self.ports.sieve):
            eventually(f"server at port {port}", lambda port=port: answers(port))

    def configure(self) -> None:
        """What an administrator does: mailconfig, into a directory where Postfix finds its drivers."""
        call_command(
            "mailconfig",
            str(self.etc),
            f"--root={self.root}",
            f"--ports-from={self.ports.smtp}",
            f"--listen={HOST}",
            f"--hostname={HOSTNAME}",
            f"--postmaster={POSTMASTER}",
            f"--mail-uid={MAIL_UID}",
            f"--mail-gid={MAIL_UID}",
            f"--mail-directory={self.root / 'mail'}",
            f"--dovecot-directory={self.etc / 'dovecot'}",
            f"--tls-certificate={self.root / 'tls.pem'}",
            f"--tls-key={self.root / 'tls.key'}",
            f"--relayhost=[{HOST}]:{self._sink.port}",
            "--no-dns",
            stdout=io.StringIO(),
        )
        for name in ("dynamicmaps.cf", "dynamicmaps.cf.d", "postfix-files", "postfix-files.d"):
            source, copy = Path("/etc/postfix") / name, self.etc / "postfix" / name
            if source.is_dir():
                shutil.copytree(source, copy, dirs_exist_ok=True)
            elif source.exists():
                shutil.copy(source, copy)

    def stop(self) -> None:
        """Stop both and remove all traces."""
        stop_servers(self.root)
        self._sink.stop()
        eventually("end of the servers", lambda: not answers(self.ports.smtp) and not answers(self.ports.imaps))

    def forget_mail(self) -> None:
        """Empty every mailbox, and forget what went outside."""
        self.outside.messages.clear()
        for home in (self.root / "mail").iterdir():
            shutil.rmtree(home)

    def doveadm(self, *arguments: str) -> str:
        """What a doveadm command prints."""
        command = ["doveadm", "-c", self.etc / "dovecot" / "dovecot.conf", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def log(self) -> str:
        """What the servers have to say."""
        return "\n".join(path.read_text() for path in sorted((self.root / "log").glob("*.log")))

    def _run(self, *command: object) -> None:
        # Into a file, not a pipe: the daemons inherit it, and a pipe would never end.
        said = self.root / "start.log"
        with said.open("w") as output:
            result = subprocess.run([str(word) for word in command], check=False, stdout=output, stderr=output)
        assert result.returncode == 0, f"{command}: {said.read_text()}{self.log()}"


def stop_servers(root: Path) -> None:
    """Stop whatever of the two runs from this directory, and remove it."""
    for command in (
        ["doveadm", "-c", root / "etc" / "dovecot" / "dovecot.conf", "stop"],
        ["postfix", "-c", root / "etc" / "postfix", "stop"],
    ):
        subprocess.run(command, check=False, capture_output=True)
    shutil.rmtree(root)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((HOST, port)) == 0


def free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    for first in range(21000 + os.getpid() % 500 * 20, 60000, count):
        if not any(answers(port) for port in range(first, first + count)):
            return first
    raise AssertionError("No ports are free.")
