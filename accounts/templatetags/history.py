"""The history in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.history import Difference, Entry, of_object
from accounts.models import User
from accounts.permissions import may
from roguelink.sizes import format_size

register = template.Library()


@register.filter
def action_word(action: str) -> str:
    """What was done, in a word."""
    return {"insert": _("created"), "update": _("changed"), "delete": _("removed")}.get(action, action)


@register.filter
def old_value(change: Difference) -> str:
    """The value before, as people read it."""
    return _in_words(change.column, change.old)


@register.filter
def new_value(change: Difference) -> str:
    """The value after, as people read it."""
    return _in_words(change.column, change.new)


@register.inclusion_tag("accounts/log/_panel.html", takes_context=True)
def history_panel(context: dict[str, Any], kind: str, object_id: int) -> dict[str, Any]:
    """The latest changes of one object, for its page; nothing for those who may not see the log."""
    request = context["request"]
    user = request.user
    shown: list[Entry] = []
    if isinstance(user, User) and may(user, "log.view"):
        shown = of_object(user, kind, object_id)
    return {
        "request": request,
        "entries": shown,
        "kind": kind,
        "object_id": object_id,
        "csrf_token": context.get("csrf_token"),
    }


def _in_words(column: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.endswith("_bytes"):
        return format_size(value) if value else _("no limit")
    if column.endswith("_at") and (moment := parse_datetime(str(value))):
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    return str(value)
