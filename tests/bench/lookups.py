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
LEAST, MOST_FOR_A_RECIPIENT = 0.8, 3
PLAIN = "SELECT address FROM mail_mailbox WHERE id = %s"

Lookup = tuple[str, Sequence[tuple[object, ...]]]


# What Postfix and Dovecot ask (mail/configuration/templates), with the kind of key.
ASKED_OF = {
    "mta.domains": ("SELECT domain FROM mta.domains WHERE domain = %s", "domains"),
    "mta.relay_domains": ("SELECT domain FROM mta.relay_domains WHERE domain = %s", "domains"),
    "mta.alias_domains": ("SELECT target FROM mta.alias_domains WHERE domain = %s", "alias_domains"),
    "mta.aliases, a mailbox": ("SELECT destination FROM mta.aliases WHERE address = %s", "mailboxes"),
    "mta.aliases, an alias": ("SELECT destination FROM mta.aliases WHERE address = %s", "aliases"),
    "mta.mailboxes": ("SELECT maildir FROM mta.mailboxes WHERE address = %s", "mailboxes"),
    "mta.senders": ("SELECT login FROM mta.senders WHERE address = %s", "mailboxes"),
    "mta.transports": ("SELECT transport FROM mta.transports WHERE address = %s", "mailboxes"),
    "mta.passdb": (
        'SELECT "user", password, proxy, host, port FROM mta.passdb WHERE "user" = %s AND protocol = \'imap\'',
        "mailboxes",
    ),
    "mta.userdb": ('SELECT home, quota_bytes FROM mta.userdb WHERE "user" = %s AND served', "mailboxes"),
    "mta.usage": ("SELECT bytes FROM mta.usage WHERE username = %s", "mailboxes"),
}
ONE_RECIPIENT = ("mta.domains", "mta.aliases, a mailbox")  # all that Postfix asks for a plain one


@measurement("lookups")
def every_view(world: World) -> Iterator[Result]:
    """Each question by its key, prepared, for keys drawn at random; and all that one recipient costs."""
    cost = 0.0
    with open_connection() as conn:
        keys = Keys(conn)
        for what, (sql, kind) in ASKED_OF.items():
            result = compared(conn, what, (sql, getattr(keys, kind)), (PLAIN, keys.ids))
            cost += 1 / result.ratio if what in ONE_RECIPIENT else 0
            yield result
    yield Result(
        what="all that Postfix asks for one recipient",
        measured=f"{cost:.2f}",
        limit="1 SELECT by key",
        ratio=cost,
        bar=f"≤ {MOST_FOR_A_RECIPIENT} SELECTs by key",
        ok=cost <= MOST_FOR_A_RECIPIENT,
    )


class Keys:
    """What to ask for: enough different keys that no answer is at hand from the question before."""

    def __init__(self, conn: psycopg.Connection) -> None:
        highest = conn.execute("SELECT max(id) FROM mail_mailbox").fetchone()
        wanted = Random(3).sample(range(1, highest[0] if highest else 1), 2000)
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

    @staticmethod
    def _column(conn: psycopg.Connection, sql: str, wanted: list[int]) -> list[tuple[object, ...]]:
        return [(row[0],) for row in conn.execute(sql, [wanted]).fetchall()]


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
