"""Whether what leads elsewhere arrives: dead targets, circles, addresses that lead to themselves.

Asked live and set-based, for the addresses of one page: an index probe or two for each, so it costs the same
however many there are elsewhere. What is asked is what `mta.destinations` would answer Postfix.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from mail.addresses import without_tag
from mail.models import Alias

MAX_EDGES = 20_000  # of the graph of who leads to whom; nobody means one that large


class Trouble(StrEnum):
    """What can be wrong with a target."""

    ITSELF = "itself"
    DEAD = "dead"
    SUSPENDED = "suspended"
    LOOP = "loop"


@dataclass(frozen=True)
class Finding:
    """One target that does not arrive, and why in a sentence."""

    target: str
    trouble: Trouble
    text: str


# The address without its plus-tag, and the same name in the domain for which an alias domain stands. LIMIT says
# that there is one at most; without it PostgreSQL reads all domains in search of more.
PLAIN = "split_part(split_part({0}, '@', 1), '+', 1) || '@' || split_part({0}, '@', 2)"
TWIN = """
    SELECT split_part(split_part({0}, '@', 1), '+', 1) || '@' || t.name AS address, '@' || t.name AS catch_all
      FROM (
          SELECT ad.target_id FROM accounts_domain d JOIN mail_aliasdomain ad ON ad.domain_id = d.id AND ad.is_active
           WHERE d.name = split_part({0}, '@', 2) LIMIT 1
      ) stands
      JOIN accounts_domain t ON t.id = stands.target_id AND t.deleted_at IS NULL
"""

# Where an address leads, one step: an alias to its targets, a mailbox to its forwards, an address that is
# neither to its twin in the domain stood for, and failing that to the catch-all.
STEPS = f"""
    SELECT t.target FROM mail_alias a JOIN mail_aliastarget t ON t.alias_id = a.id
     WHERE a.address = {{0}} AND a.is_active AND a.deleted_at IS NULL
       AND (a.expires_at IS NULL OR a.expires_at > now())
    UNION ALL
    SELECT f.target FROM mail_mailbox m JOIN mail_forward f ON f.mailbox_id = m.id
     WHERE m.address = {{0}} AND m.deleted_at IS NULL
    UNION ALL
    SELECT way.address
      FROM (SELECT 1) one
      LEFT JOIN LATERAL ({TWIN}) twin ON true
     CROSS JOIN LATERAL (
           SELECT next.address
             FROM (VALUES (1, twin.address), (2, '@' || split_part({{0}}, '@', 2)), (3, twin.catch_all))
                  AS next(rank, address)
            WHERE EXISTS (SELECT FROM mail_mailbox WHERE address = next.address AND deleted_at IS NULL)
               OR EXISTS (SELECT FROM mail_alias WHERE address = next.address AND deleted_at IS NULL)
            ORDER BY next.rank LIMIT 1
     ) way
     WHERE {{0}} NOT LIKE '@%%'
       AND NOT EXISTS (SELECT FROM mail_mailbox WHERE address = {{0}} AND deleted_at IS NULL)
       AND NOT EXISTS (SELECT FROM mail_alias WHERE address = {{0}} AND deleted_at IS NULL)
"""  # noqa: S608 (constants of this file only)
# Each address that can be reached once (UNION), and then the steps between them: however many ways lead
# through a graph, this is as long as the graph is large.
EDGES = f"""
    WITH RECURSIVE node(address) AS (
        SELECT {PLAIN.format("given")} FROM unnest(%(start)s::text[]) AS given
        UNION
        SELECT {PLAIN.format("step.target::text")}
          FROM node CROSS JOIN LATERAL ({STEPS.format("node.address")}) step(target)
    )
    SELECT node.address, {PLAIN.format("step.target::text")}
      FROM node CROSS JOIN LATERAL ({STEPS.format("node.address")}) step(target)
     LIMIT {MAX_EDGES}
"""  # noqa: S608 (constants of this file only)

# For each address of ours: is mail to it taken? `own` is the row of that very address, if there is one.
JUDGED = f"""
    SELECT given.target,
           d.status <> 'active' OR c.status <> 'active' OR coalesce(own.is_off, twin_row.is_off, false) AS is_off,
           coalesce(own.is_off, twin_row.is_off) IS NOT NULL OR reserved.local_part IS NOT NULL OR EXISTS (
               SELECT FROM mail_alias a
                WHERE a.address IN ('@' || d.name, twin.catch_all) AND a.is_active AND a.deleted_at IS NULL
                  AND (a.expires_at IS NULL OR a.expires_at > now())
           ) AS exists
      FROM unnest(%(targets)s::text[]) AS given(target)
      JOIN accounts_domain d
        ON d.name = split_part(given.target, '@', 2) AND d.kind = 'hosted' AND d.deleted_at IS NULL
      JOIN accounts_customer c ON c.id = d.customer_id
      LEFT JOIN LATERAL ({TWIN.format("given.target")}) twin ON true
      LEFT JOIN LATERAL ({{own}}) own ON true
      LEFT JOIN LATERAL ({{twin}}) twin_row ON true
      LEFT JOIN mta.reserved reserved
             ON reserved.local_part = split_part(split_part(given.target, '@', 1), '+', 1)
"""  # noqa: S608 (constants of this file only)
ROW = """
    SELECT status <> 'active' AS is_off FROM mail_mailbox WHERE address = {0} AND deleted_at IS NULL
    UNION ALL
    SELECT NOT is_active OR coalesce(expires_at <= now(), false) FROM mail_alias
     WHERE address = {0} AND deleted_at IS NULL
"""
JUDGED = JUDGED.format(own=ROW.format(f"({PLAIN.format('given.target')})"), twin=ROW.format("twin.address"))


def findings(aliases: Iterable[Alias]) -> dict[int, list[Finding]]:
    """What is wrong with these aliases, by alias id; nothing for those that are well.

    Two queries for all of them, and one for their targets where these are not prefetched.
    """
    aliases = list(aliases)
    prefetch_related_objects(aliases, "targets")
    leading = {alias.pk: (alias.address, [row.target for row in alias.targets.all()]) for alias in aliases}
    troubles = troubles_of({target for _address, targets in leading.values() for target in targets})
    edges = _edges([address for address, targets in leading.values() if targets])
    found: dict[int, list[Finding]] = {}
    for pk, (address, targets) in leading.items():
        wrong = [_to_itself(target) for target in targets if without_tag(target) == address]
        wrong += [troubles[target] for target in targets if target in troubles]
        if len(path := _way_back(address, edges)) > 2:
            text = _("goes round in a circle: %(path)s") % {"path": " → ".join(path)}
            wrong.append(Finding(path[1], Trouble.LOOP, text))
        if wrong:
            found[pk] = wrong
    return found


def leads_back(address: str) -> list[str]:
    """The shortest path by which mail to an address comes back to it; empty when it does not. One query."""
    return _way_back(address, _edges([address]))


def a_circle_among(addresses: Sequence[str]) -> list[str]:
    """The path of the first of these addresses that leads back to itself; empty when none does. One query."""
    edges = _edges(addresses)
    return next(filter(None, (_way_back(address, edges) for address in addresses)), [])


def troubles_of(targets: Collection[str]) -> dict[str, Finding]:
    """Those addresses of ours to which mail is refused, each with the reason. One query."""
    if not targets:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(JUDGED, {"targets": list(targets)})
        rows = cursor.fetchall()
    judged = (_judge(target, is_off=is_off, exists=exists) for target, is_off, exists in rows)
    return {finding.target: finding for finding in judged if finding is not None}


def _judge(target: str, *, is_off: bool, exists: bool) -> Finding | None:
    if not exists:
        return Finding(target, Trouble.DEAD, _("%(target)s does not exist") % {"target": target})
    if is_off:
        text = _("%(target)s is suspended or switched off") % {"target": target}
        return Finding(target, Trouble.SUSPENDED, text)
    return None


def _to_itself(target: str) -> Finding:
    return Finding(target, Trouble.ITSELF, _("leads to itself"))


def _edges(start: Sequence[str]) -> dict[str, list[str]]:
    """Who leads to whom, as far as it can be reached from these addresses."""
    edges: dict[str, list[str]] = {}
    if start:
        with connection.cursor() as cursor:
            cursor.execute(EDGES, {"start": list(start)})
            for source, target in cursor.fetchall():
                edges.setdefault(source, []).append(target)
    return edges


def _way_back(address: str, edges: Mapping[str, list[str]]) -> list[str]:
    """The shortest way from an address along the edges to itself; breadth first."""
    came_from: dict[str, str] = {}
    waiting = deque([address])
    while waiting:
        here = waiting.popleft()
        for there in edges.get(here, ()):
            if there == address:
                path = [address, here]
                while path[-1] != address:
                    path.append(came_from[path[-1]])
                return path[::-1]
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    return []
