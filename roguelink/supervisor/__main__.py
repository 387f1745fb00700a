"""Run the portal until a signal comes: what script/server ends in."""

from __future__ import annotations

import errno
import os
import signal
import sys

import environ

from roguelink import embedded
from roguelink.supervisor import checks
from roguelink.supervisor.console import GiveUp, say
from roguelink.supervisor.run import SIGNALS, Supervisor


def main() -> int:
    """0 when it was stopped, 1 when it had to give up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roguelink.settings")
    environ.Env.read_env(embedded.BASE_DIR / ".env")
    os.environ.setdefault("ROGUELINK_DEMO", "1")
    for number in SIGNALS:
        signal.signal(number, _interrupted)
    try:
        with checks.alone():
            Supervisor(checks.wanted_port()).run()
    except KeyboardInterrupt:
        say(f"\nStopped. The data is kept in {embedded.VAR_DIR}")
    except (GiveUp, embedded.ServicesError) as problem:
        say(f"\n{problem}")
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say("\nThe disk is full. Make room and start again; the data is kept.")
        return 1
    return 0


def _interrupted(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
