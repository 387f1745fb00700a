"""What the person at the terminal reads."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

WIDTH = 34


class GiveUp(Exception):
    """It cannot go on; the message says why, and what to do."""


def say(text: str) -> None:
    """A line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_step(name: str, seconds: float) -> None:
    """A step that has been done."""
    say(f"  {name:<{WIDTH}}{seconds:6.1f} s")


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """One line a step, with how long it took."""
    begun = time.monotonic()
    sys.stdout.write(f"  {name:<{WIDTH}}")
    sys.stdout.flush()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - begun:6.1f} s")
