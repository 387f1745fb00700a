"""Whether what leads elsewhere arrives: dead targets, circles, aliases of themselves.

Asked live and set-based, for the aliases of one page or one domain: an index probe per target, so it costs
the same however many aliases there are elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.utils.translation import gettext as _

from mail.models import Alias

MAX_HOPS = 20  # Postfix gives up at 50 Received lines; nobody means a path this long


class Trouble(StrEnum):
    """What can be wrong with a target."""

    ITSELF = "itself"
    DEAD = "dead"
    SUSPENDED = "suspended"
    LOOP = "loop"


@dataclass(frozen=True)
class Finding:
    """One target that does not arrive, and why in a sentence."""

    alias_id: int
    target: str
    trouble: Trouble
    text: str


# Where an address leads, one step: aliases in force, and forwards of mailboxes. An alias domain's address leads
# to the same name in the domain it stands for.
STEPS = """
    SELECT t.target FROM mail_alias a JOIN mail_aliastarget t ON t.alias_id = a.id
     WHERE a.address = {at} AND a.is_active AND a.deleted_at IS NULL
       AND (a.expires_at IS NULL OR a.expires_at > now())
    UNION ALL
    SELECT f.target FROM mail_mailbox m JOIN mail_forward f ON f.mailbox_id = m.id
     WHERE m.address = {at} AND m.deleted_at IS NULL
    UNION ALL
    SELECT split_part({at}, '@', 1) || '@' || t.name FROM accounts_domain d
      JOIN mail_aliasdomain ad ON ad.domain_id = d.id AND ad.is_active
      JOIN accounts_domain t ON t.id = ad.target_id
     WHERE d.name = split_part({at}, '@', 2)
"""

# Every way on from an address, with the path; it stops where it meets an address it has passed.
WALK = f"""
    WITH RECURSIVE walk(address, path) AS (
        SELECT step.target::text, ARRAY[{{start}}, step.target::text] FROM ({STEPS.format(at="{start}")}) step(target)
        UNION ALL
        SELECT step.target::text, walk.path || step.target::text FROM walk
          CROSS JOIN LATERAL ({STEPS.format(at="walk.address")}) step(target)
         WHERE cardinality(walk.path) < {MAX_HOPS} AND NOT walk.address = ANY(walk.path[:cardinality(walk.path) - 1])
    )
    SELECT path FROM walk WHERE address = {{start}}
"""  # noqa: S608 (constants of this file only)
LEADS_BACK = WALK.format(start="%(start)s::text") + " LIMIT 1"
# Which of many aliases lead back to themselves by way of others.
CIRCLES = f"""
    SELECT a.id FROM mail_alias a
     WHERE a.id = ANY(%(ids)s) AND EXISTS ({WALK.format(start="a.address::text")} AND cardinality(path) > 2)
"""  # noqa: S608 (constants of this file only)

# For each target of the aliases asked about: is its domain ours, and is there anything at the address.
TARGETS = """
    SELECT t.alias_id, t.target, a.address,
           d.id IS NOT NULL AS ours,
           m.id IS NOT NULL OR other.id IS NOT NULL OR catch.id IS NOT NULL OR ad.id IS NOT NULL AS found,
           coalesce(m.status = 'suspended' OR d.status = 'suspended', false) AS suspended
      FROM mail_aliastarget t
      JOIN mail_alias a ON a.id = t.alias_id
      LEFT JOIN accounts_domain d
             ON d.name = split_part(t.target, '@', 2) AND d.deleted_at IS NULL AND d.kind = 'hosted'
      LEFT JOIN mail_mailbox m
             ON m.address = regexp_replace(t.target, '[+][^@]*@', '@') AND m.deleted_at IS NULL
      LEFT JOIN mail_alias other ON other.address = t.target AND other.is_active AND other.deleted_at IS NULL
             AND (other.expires_at IS NULL OR other.expires_at > now())
      LEFT JOIN mail_alias catch ON catch.address = '@' || split_part(t.target, '@', 2) AND catch.is_active
             AND catch.deleted_at IS NULL AND (catch.expires_at IS NULL OR catch.expires_at > now())
      LEFT JOIN mail_aliasdomain ad ON ad.domain_id = d.id AND ad.is_active
     WHERE t.alias_id = ANY(%(ids)s)
     ORDER BY t.alias_id, t.target
"""


def findings(aliases: Iterable[Alias]) -> dict[int, list[Finding]]:
    """What is wrong with these aliases, by alias id; nothing for those that are well.

    Two queries for all of them, and one more for each that goes round in a circle.
    """
    by_id = {alias.pk: alias for alias in aliases}
    found: dict[int, list[Finding]] = {}
    for alias_id, target, address, ours, exists, suspended in _rows(by_id.keys()):
        finding = _judge(alias_id, target, address, ours=ours, exists=exists, suspended=suspended)
        if finding is not None:
            found.setdefault(alias_id, []).append(finding)
    for alias_id in _in_circles(by_id):
        path = leads_back(by_id[alias_id].address)
        text = _("goes round in a circle: %(path)s") % {"path": " → ".join(path)}
        found.setdefault(alias_id, []).append(Finding(alias_id, path[1] if path else "", Trouble.LOOP, text))
    return found


def leads_back(address: str) -> list[str]:
    """The path by which mail to an address comes back to it; empty when it does not."""
    with connection.cursor() as cursor:
        cursor.execute(LEADS_BACK, {"start": address})
        row = cursor.fetchone()
    return list(row[0]) if row else []


def _rows(ids: Collection[int]) -> list[tuple[int, str, str, bool, bool, bool]]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(TARGETS, {"ids": list(ids)})
        return cursor.fetchall()


def _judge(alias_id: int, target: str, address: str, *, ours: bool, exists: bool, suspended: bool) -> Finding | None:
    if target == address:
        return Finding(alias_id, target, Trouble.ITSELF, _("leads to itself"))
    if ours and not exists:
        return Finding(alias_id, target, Trouble.DEAD, _("%(target)s does not exist") % {"target": target})
    if ours and suspended:
        return Finding(alias_id, target, Trouble.SUSPENDED, _("%(target)s is suspended") % {"target": target})
    return None


def _in_circles(by_id: dict[int, Alias]) -> list[int]:
    """Which of these aliases lead back to themselves by way of others. One query."""
    if not by_id:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CIRCLES, {"ids": list(by_id)})
        return [row[0] for row in cursor.fetchall()]
