"""`python -m tests.bench`: fill the bench's database once, measure, print the table."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from pathlib import Path

import django


def main() -> int:
    """Exit status 0 when every bar is met, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a fiftieth of the size, for a quick look")
    parser.add_argument("--only", metavar="NAME", help="only measurements whose name contains NAME")
    parser.add_argument("--refill", action="store_true", help="fill the database again")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ["BENCH_DATABASE_SUFFIX"] = "_bench_small" if options.small else "_bench"
    _start_services()
    django.setup()

    from tests.bench import lookups, pages, search, services, table, world  # noqa: F401, PLC0415

    _prepare_database(world.FRACTION if options.small else world.FULL, refill=options.refill)
    return 0 if table.print_table(table.run(world.look_up(), options.only), _say) else 1


def _start_services() -> None:
    from roguelink import embedded  # noqa: PLC0415

    if not os.environ.get("DATABASE_URL"):
        embedded.start_postgres()
    if not os.environ.get("REDIS_URL"):
        embedded.start_valkey()


def _prepare_database(size: object, *, refill: bool) -> None:
    """Create, migrate and fill it, unless it is there and was filled by the same program to the same size."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from tests.bench.fill import fill  # noqa: PLC0415

    name = connection.settings_dict["NAME"]
    quoted = connection.ops.quote_name(name)
    program = hashlib.sha256(Path(__file__).with_name("fill.py").read_bytes()).hexdigest()[:16]
    label = f"{size} {program}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        found = cursor.fetchone()
        is_filled = found == (label,) and not refill
        if not is_filled:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {quoted}")
    call_command("migrate", verbosity=0)
    if not is_filled:
        begin = time.monotonic()
        fill(size, _say)
        _say(f"filled {name} in {time.monotonic() - begin:.0f} s\n")
        with connection.cursor() as cursor:
            cursor.execute(f"COMMENT ON DATABASE {quoted} IS '{label}'")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
