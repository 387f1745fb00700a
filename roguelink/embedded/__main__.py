"""The command line of the package: start, stop or status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from roguelink import embedded


def main(arguments: Sequence[str]) -> int:
    """0; 1 when `status` finds one of them down; 2 when the arguments make no sense."""
    match arguments:
        case ["start", *options] if set(options) <= {"--fast"}:
            embedded.start_postgres(fast="--fast" in options)
            embedded.start_valkey()
        case ["stop"]:
            embedded.stop_postgres()
            embedded.stop_valkey()
        case ["status"]:
            up = {"PostgreSQL": embedded.postgres_is_up(), "Valkey": embedded.valkey_is_up()}
            sys.stdout.write(", ".join(f"{name} {'up' if is_up else 'down'}" for name, is_up in up.items()) + "\n")
            return 0 if all(up.values()) else 1
        case _:
            sys.stderr.write(f"{embedded.__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except embedded.ServicesError as error:
        sys.exit(str(error))
