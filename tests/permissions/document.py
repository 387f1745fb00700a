"""docs/permissions.md, from the rule table and from the table of the walk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from accounts.models import Level
from accounts.permissions import RULES, Rule
from tests.permissions.table import expectations
from tests.permissions.walk import addresses
from tests.permissions.world import PRINCIPALS, WHO

PATH = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
LEVELS = {
    Level.USER: "everybody signed in",
    Level.DOMAIN_ADMIN: "domain administrators",
    Level.STAFF: "staff",
    Level.OWNER: "the owner",
}
INTRODUCTION = """# Who may do what

This file is written by `python -m tests.permissions`, from the rule table in `accounts/permissions.py` and from the
table in `tests/permissions/table.py`; a test fails when it is out of date. Change those, not this.

What a person may **see** is decided by each model's `visible_to`: staff see everything; a domain administrator sees
his domains and what is in them; everybody sees his own mailbox and his own login. What is out of sight answers 404,
as if it did not exist. What a person may **do** with what he sees is decided by the rules below.
"""
RULES_HEAD = """
## The rules

*From*: from this level on, for any object. *Domain administrator*: the switch with which an administrator may, in
his domains. *With his own*: whether a person may, with what is his. *Logged in as*: whether it is also allowed while
staff are logged in as somebody else.
"""
WALK_HEAD = """
## The walk

What each address answers. Where two answers stand, the first is about an object of one's own (of one's own domain, for
an administrator), the second about a foreign one. `in` leads to the sign-in page, `go` to another page, which is also
what a form answers when it has done its work. POST sends an empty form, so 422 means "you may; fill it in". 403: never
for this person. 404: not this object, as far as he may know. 405: not by this method.
"""


def document() -> str:
    """The whole file."""
    return "\n".join([INTRODUCTION.rstrip(), RULES_HEAD.rstrip(), "", *_rules(), WALK_HEAD.rstrip(), "", *_walk(), ""])


def _rules() -> Iterator[str]:
    yield from _head("action", "from", "domain administrator", "with his own", "logged in as")
    for action, rule in RULES.items():
        yield _row(f"`{action}`", LEVELS[rule.everywhere], _grant(rule), _yes(rule.own), _yes(rule.impersonated))


def _walk() -> Iterator[str]:
    yield from (f"- **{name}**: {WHO[name]}" for name in PRINCIPALS)
    yield ""
    yield from _head("address", "rule", "", *PRINCIPALS)
    for address in addresses():
        for method in ("GET", "POST"):
            answers = expectations()[address.name, method]
            rule = f"`{address.action}`" if address.action else ""
            yield _row(f"`{address.path}`", rule, method, *answers.values())


def _grant(rule: Rule) -> str:
    return str(rule.domain_admin).replace("_", " ") if rule.domain_admin else ""


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _head(*names: str) -> Iterable[str]:
    return (_row(*names), _row(*("---" for _name in names)))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
