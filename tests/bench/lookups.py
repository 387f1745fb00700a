"""What the mail servers ask, each view beside a SELECT by primary key on the same connection."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from random import Random

import psycopg
from django.db import connection

from tests.bench.table import Result, measurement, seconds
from tests.bench.world import World

ROUNDS, ASKED = 40, 100  # so many blocks in turns, so many lookups in each
LEAST = 0.8
PLAIN = "SELECT address FROM mail_mailbox WHERE id = %s"

Lookup = tuple[str, Sequence[tuple[object, ...]]]


@measurement("lookups")
def every_view(world: World) -> Iterator[Result]:
    """Each view of schema mta by its key, prepared, for keys drawn at random."""
    with open_connection() as conn:
        keys = Keys(conn)
        for view, columns in views(conn):
            where = " AND ".join(f'"{column}" = %s' for column in columns)
            lookup = (f"SELECT * FROM mta.{view} WHERE {where}", keys.of(view, columns))
            yield compared(conn, f"mta.{view} by {', '.join(columns)}", lookup, (PLAIN, keys.ids))


class Keys:
    """What to ask for: enough different keys that no answer is at hand from the question before."""

    def __init__(self, conn: psycopg.Connection) -> None:
        ids = range(1, conn.execute("SELECT max(id) FROM mail_mailbox").fetchone()[0])
        wanted = Random(3).sample(ids, 2000)
        self.ids: list[tuple[object, ...]] = [(key,) for key in wanted]
        self.mailboxes = self._column(conn, "SELECT address FROM mail_mailbox WHERE id = ANY(%s)", wanted)
        self.aliases = self._column(conn, "SELECT address FROM mail_alias WHERE id = ANY(%s)", [n // 2 for n in wanted])
        domains = "SELECT DISTINCT d.name FROM accounts_domain d JOIN mail_mailbox m ON m.domain_id = d.id"
        self.domains = self._column(conn, f"{domains} WHERE m.id = ANY(%s)", wanted)
        self.alias_domains = self._column(
            conn,
            "SELECT d.name FROM mail_aliasdomain a JOIN accounts_domain d ON d.id = a.domain_id WHERE 0 < ANY(%s)",
            [1],
        )

    def of(self, view: str, columns: Sequence[str]) -> list[tuple[object, ...]]:
        """Keys for a view: addresses of aliases or mailboxes, or domains; with the protocol where it is asked."""
        if columns[0] in {"domain", "local_part"}:
            known = self.alias_domains if view == "alias_domains" else self.domains
        else:
            known = self.aliases if view in {"aliases", "served_aliases", "senders"} else self.mailboxes
        return [(key, *("imap" for _ in columns[1:])) for key in known]

    @staticmethod
    def _column(conn: psycopg.Connection, sql: str, wanted: list[int]) -> list[str]:
        return [row[0] for row in conn.execute(sql, [wanted]).fetchall()]


def open_connection() -> psycopg.Connection:
    """A connection of its own, as a mail server has it, without Django in between."""
    known = connection.settings_dict
    return psycopg.connect(
        host=known["HOST"],
        port=known["PORT"],
        user=known["USER"],
        password=known["PASSWORD"],
        dbname=known["NAME"],
        autocommit=True,
    )


def views(conn: psycopg.Connection) -> list[tuple[str, list[str]]]:
    """The views of schema mta, each with the columns by which it is asked."""
    found = conn.execute(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_schema = 'mta' AND table_name IN"
        " (SELECT viewname FROM pg_views WHERE schemaname = 'mta') GROUP BY 1 ORDER BY 1"
    ).fetchall()
    keys = ("address", "user", "username", "domain", "name")
    return [
        (view, [next(key for key in keys if key in columns), *(["protocol"] if "protocol" in columns else [])])
        for view, columns in found
    ]


def compared(conn: psycopg.Connection, what: str, lookup: Lookup, plain: Lookup) -> Result:
    """Lookups a second beside plain ones, in turns. The ratio is that of the medians."""
    asked, bare = asker(conn, *lookup), asker(conn, *plain)
    pairs = [(seconds(asked), seconds(bare)) for _ in range(ROUNDS)]
    took, took_bare = (statistics.median(column) / ASKED for column in zip(*pairs, strict=True))
    return Result(
        what=what,
        measured=f"{1 / took:,.0f}/s",
        limit=f"{1 / took_bare:,.0f}/s",
        ratio=took_bare / took,
        bar=f"≥ {LEAST} of a SELECT by key",
        ok=took_bare / took >= LEAST,
    )


def asker(conn: psycopg.Connection, sql: str, keys: Sequence[tuple[object, ...]]) -> Callable[[], None]:
    """A block of prepared lookups, which goes on through the keys from where it was."""
    cursor, position = conn.cursor(), 0

    def ask() -> None:
        nonlocal position
        for _ in range(ASKED):
            cursor.execute(sql, keys[position % len(keys)], prepare=True).fetchall()
            position += 1

    ask()
    return ask
