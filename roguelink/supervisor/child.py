"""A process that is started again when it ends by itself."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

from roguelink import embedded
from roguelink.supervisor.console import GiveUp, say

PR_SET_PDEATHSIG = 1  # prctl(2)
IN_A_ROW = 5  # so many ends within WINDOW: something is really wrong
WINDOW = 60.0  # seconds
STOP_SECONDS = 10.0  # a task or a request may take so long to finish
LOG_DIR = embedded.VAR_DIR / "log"
_libc = ctypes.CDLL(None)


class Patience:
    """Counts how often something has ended lately, and loses patience."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def pause(self, trouble: str) -> float:
        """Seconds to wait before the next try, longer each time. Raises GiveUp when it was too often."""
        now = time.monotonic()
        self.ends = [*(moment for moment in self.ends if now - moment < WINDOW), now]
        if len(self.ends) > IN_A_ROW:
            raise GiveUp(trouble)
        return 0.5 * (len(self.ends) - 1)


class Child:
    """Web, worker or beat."""

    def __init__(self, name: str, module: str, *arguments: str) -> None:
        self.name = name
        self.command = [sys.executable, "-m", module, *arguments]
        self.log = LOG_DIR / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.patience = Patience()
        self.not_before = 0.0

    def start(self) -> None:
        """Start it, in a session of its own, so that Ctrl-C in the terminal reaches only us."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=embedded.BASE_DIR,
                start_new_session=True,
                preexec_fn=_end_with_us,  # noqa: PLW1509 (we have one thread only)
            )

    def has_ended(self) -> bool:
        """Whether it was started, and is gone."""
        return self.process is not None and self.process.poll() is not None

    def keep_up(self) -> None:
        """Start it again if it has ended. Raises GiveUp when it ends again and again."""
        if self.process is None:
            if time.monotonic() >= self.not_before:
                self.start()
        elif self.has_ended():
            say(f"The {self.name} process has ended (status {self.process.returncode}); starting it again.")
            self._end_what_it_left()
            self.process = None
            trouble = f"The {self.name} process ends again and again. {self.last_words()}"
            self.not_before = time.monotonic() + self.patience.pause(trouble)

    def terminate(self) -> None:
        """Ask it to finish."""
        if self.process is not None and not self.has_ended():
            self.process.terminate()

    def wait(self) -> None:
        """Give it time to finish what it is doing, then end it and all it started."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self._end_what_it_left()
        self.process.wait()
        self.process = None

    def last_words(self) -> str:
        """The end of its log, for the person who must find out why."""
        lines = self.log.read_text(errors="replace").splitlines()[-8:] if self.log.exists() else []
        return "\n  ".join([f"The end of {self.log}:", *lines])

    def _end_what_it_left(self) -> None:
        """Processes that it started and that outlived it would hold its port or run its tasks."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _end_with_us() -> None:
    """In the child, before it becomes its program: the kernel ends it when our process is gone."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
