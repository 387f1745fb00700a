"""Reading the history: who changed what, in whose name, from which value to which.

The event tables hold the new row of an insert and the **old** row of an update or a delete (see
roguelink.db.history). So the new value of an update is the old value of the next event of the same object, or
the row as it stands. Two queries make a page of the log, however many kinds of objects are on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts.models import Level, User

HIDDEN = {"id", "password_changed_at", "last_login"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tracked:
    """One kind of object in the log: its model, how a row of it is called, where its page is, whose it is.

    `domain_path` leads from the event to a domain's id; kinds without one are shown to staff only, as are the
    columns in `for_staff`. `undo` puts old values back through a service: it is given the actor, the object and the
    changes. `person`: the column of the login it is called by; `title` serves where that is gone.
    """

    kind: str
    label: Any
    model: type[Model]
    title: Callable[[Row], str]
    url: Callable[[Row], str] = lambda _row: ""
    domain_path: str = ""
    undo: Callable[[User, Any, dict[str, Any]], Any] | None = None
    undo_columns: frozenset[str] = frozenset()
    for_staff: frozenset[str] = frozenset()
    person: str = ""

    @property
    def event(self) -> Any:
        """The model of its events, made by django-pghistory."""
        return self.model.pgh_event_model  # type: ignore[attr-defined]

    @property
    def columns(self) -> list[str]:
        """The columns that its events keep."""
        kept = {f.attname for f in self.event._meta.concrete_fields}
        return [f.attname for f in self.model._meta.concrete_fields if f.attname in kept]


kinds: dict[str, Tracked] = {}


def register(*tracked: Tracked) -> None:
    """Called by each app's `ready()` for what it tracks."""
    kinds.update({one.kind: one for one in tracked})


@dataclass(frozen=True)
class Difference:
    """One column before and after."""

    column: str
    label: Any
    old: Any
    new: Any


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    kind: Tracked
    event_id: int
    at: datetime
    action: str
    object_id: int
    title: str
    url: str
    actor_id: int | None
    impersonator_id: int | None
    request_id: str
    differences: list[Difference]
    can_undo: bool
    people: dict[int, str] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """Who it was, by sign-in address."""
        return self.people.get(self.actor_id or 0, "") or (_("the system") if self.actor_id is None else _("somebody"))

    @property
    def impersonator(self) -> str:
        """Which staff person acted in his name; empty when nobody did."""
        return self.people.get(self.impersonator_id or 0, "")

    @property
    def password_only(self) -> bool:
        """A new password: the only change that is never shown."""
        return self.action == "update" and not self.differences


@dataclass(frozen=True)
class Question:
    """What the log is asked for. Empty: everything in scope."""

    kind: str = ""
    object_id: int | None = None
    domain_id: int | None = None
    person_id: int | None = None
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


Key = tuple[datetime, str, int]


def entries(user: User, question: Question, *, before: Key | None, size: int) -> tuple[list[Entry], Key | None]:
    """A page of the log, the newest first, and the key from which the next page goes on."""
    keys = _keys(user, question, before, size + 1)
    more, keys = len(keys) > size, keys[:size]
    rows = _details(keys)
    people = _people(rows.values())
    found = [_entry(kinds[kind], rows[kind, pk], people) for _at, kind, pk in keys if (kind, pk) in rows]
    return _as_seen_by(user, found), keys[-1] if more else None


def of_object(user: User, kind: str, object_id: int, *, size: int = 5) -> list[Entry]:
    """The latest entries of one object, for its page. Two queries."""
    tracked = kinds[kind]
    scoped = _scoped(tracked, user)
    if scoped is None:
        return []
    newest = scoped.filter(pgh_obj_id=object_id).order_by("-pgh_created_at", "-pgh_id").values("pgh_id")[:size]
    rows = sorted(_detail(tracked, newest), key=lambda row: (row["pgh_created_at"], row["pgh_id"]), reverse=True)
    people = _people(rows)
    return _as_seen_by(user, [_entry(tracked, row, people) for row in rows])


def one(kind: Tracked, event_id: int) -> Entry | None:
    """One event, whoever asks: for the service that takes it back."""
    row = _detail(kind, [event_id]).first()
    return None if row is None else _entry(kind, row, {})


def _as_seen_by(user: User, found: list[Entry]) -> list[Entry]:
    """Without what is the staff's business: a domain's administrator is not told that it went to another customer."""
    if user.level >= Level.STAFF:
        return found
    seen = []
    for entry in found:
        shown = [one for one in entry.differences if one.column not in entry.kind.for_staff]
        if shown or not entry.differences:
            seen.append(replace(entry, differences=shown))
    return seen


def _keys(user: User, question: Question, before: Key | None, size: int) -> list[Key]:
    """The newest events of all kinds asked for: each kind gives its first few, from its index."""
    parts = [
        _narrowed(kind, scoped, question, before)
        .order_by("-pgh_created_at", "-pgh_id")
        .annotate(log_kind=Value(kind.kind))
        .values_list("pgh_created_at", "log_kind", "pgh_id")[:size]
        for kind in kinds.values()
        if (not question.kind or question.kind == kind.kind) and (scoped := _scoped(kind, user)) is not None
    ]
    if not parts:
        return []
    union = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return list(union.order_by("-pgh_created_at", "-log_kind", "-pgh_id")[:size]) if len(parts) > 1 else list(union)


def _scoped(kind: Tracked, user: User) -> QuerySet[Any] | None:
    """The events of a kind that this person may see; None when the kind is not his business."""
    events = kind.event._default_manager
    if user.level >= Level.STAFF:
        return events.all()
    if user.level < Level.DOMAIN_ADMIN or not kind.domain_path:
        return None
    return events.filter(**{f"{kind.domain_path}__in": list(user.administered)})


def _narrowed(kind: Tracked, events: QuerySet[Any], question: Question, before: Key | None) -> QuerySet[Any]:
    wanted = {
        "pgh_obj_id": question.object_id,
        "pgh_context__user": question.person_id,
        "pgh_label": question.action or None,
        "pgh_created_at__gte": question.since,
        "pgh_created_at__lt": question.until,
    }
    events = events.filter(**{name: value for name, value in wanted.items() if value is not None})
    if question.domain_id is not None:
        events = events.filter(**{kind.domain_path: question.domain_id}) if kind.domain_path else events.none()
    return events if before is None else events.filter(_older_than(before, kind))


def _older_than(key: Key, kind: Tracked) -> Q:
    """Events of a kind that come after the key in the log's order: by moment, then kind, then number."""
    at, name, pk = key
    if kind.kind > name:
        return Q(pgh_created_at__lt=at)
    same_moment = Q(pgh_created_at=at)
    if kind.kind == name:
        same_moment &= Q(pgh_id__lt=pk)
    return Q(pgh_created_at__lt=at) | same_moment


def _details(keys: list[Key]) -> dict[tuple[str, int], dict[str, Any]]:
    """The events of a page with the row they hold, the next event's row, and the row as it stands. One query."""
    ids: dict[str, list[int]] = {}
    for _at, kind, pk in keys:
        ids.setdefault(kind, []).append(pk)
    parts = [_detail(kinds[kind], of_kind) for kind, of_kind in ids.items()]
    if not parts:
        return {}
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {(row["log_kind"], row["pgh_id"]): row for row in rows}


def _detail(kind: Tracked, ids: list[int] | QuerySet[Any]) -> QuerySet[Any]:
    as_json = JSONObject(**{column: column for column in kind.columns})
    later = kind.event._default_manager.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"), pgh_label__in=["update", "delete"]
    ).order_by("pgh_id")
    now = kind.model._default_manager.filter(pk=OuterRef("pgh_obj_id")).order_by()
    return (
        kind.event._default_manager.filter(pgh_id__in=ids)
        .order_by()
        .annotate(
            log_kind=Value(kind.kind),
            row=as_json,
            later=Subquery(later.values(json=as_json)[:1]),
            now=Subquery(now.values(json=as_json)[:1]),
        )
        .values("log_kind", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context", "row", "later", "now")
    )


def _entry(kind: Tracked, row: dict[str, Any], people: dict[int, str]) -> Entry:
    context = row["pgh_context"] or {}
    differences = _differences(kind, row)
    return Entry(
        kind=kind,
        event_id=row["pgh_id"],
        at=row["pgh_created_at"],
        action=row["pgh_label"],
        object_id=row["pgh_obj_id"],
        title=people.get(row["row"].get(kind.person), "") or kind.title(row["row"]),
        url=kind.url(row["row"]) if row["now"] else "",
        actor_id=context.get("user"),
        impersonator_id=context.get("impersonator"),
        request_id=context.get("request_id") or "",
        differences=differences,
        can_undo=_can_undo(kind, row, differences),
        people=people,
    )


def _differences(kind: Tracked, row: dict[str, Any]) -> list[Difference]:
    held: Row = row["row"]
    match row["pgh_label"]:
        case "insert":
            before: Row = {}
            after: Row = held
        case "delete":
            before, after = held, {}
        case _:
            before, after = held, row["later"] or row["now"] or {}
    return [
        Difference(column, _label(kind.model, column), before.get(column), after.get(column))
        for column in kind.columns
        if column not in HIDDEN and before.get(column) != after.get(column)
    ]


def _can_undo(kind: Tracked, row: dict[str, Any], differences: list[Difference]) -> bool:
    """An update whose columns a service may put back, and which nobody has changed again since."""
    if kind.undo is None or row["pgh_label"] != "update" or not differences or not row["now"]:
        return False
    changed = {difference.column for difference in differences}
    return changed <= kind.undo_columns and all(row["now"][one.column] == one.new for one in differences)


def _label(model: type[Model], column: str) -> Any:
    for one in model._meta.concrete_fields:
        if one.attname == column:
            return one.verbose_name
    return column


def _people(rows: Any) -> dict[int, str]:
    """The sign-in addresses of those who acted, and of those whom it is about. One query."""
    ids = {(row["pgh_context"] or {}).get(name) for row in rows for name in ("user", "impersonator")} - {None}
    ids |= {row["row"][column] for row in rows if (column := kinds[row["log_kind"]].person)}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "email")) if ids else {}
