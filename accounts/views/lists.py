"""List pages: paged by key, sorted and filtered by their URL, exported as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

from accounts.models import Level
from accounts.permissions import may
from accounts.views.base import ScopedView
from roguelink.csv_out import csv_response
from roguelink.db import keyset


@dataclass(frozen=True)
class Column:
    """A column of a list. `sort`: the never-null database column it sorts by; empty, it does not sort.

    `action`: the row of the rule table without which it is not shown.
    """

    key: str
    label: Any
    sort: str = ""
    hide_small: bool = False
    action: str = ""

    @property
    def sortable(self) -> bool:
        """Whether its head is a link."""
        return bool(self.sort)


@dataclass(frozen=True)
class BulkAction:
    """Something that can be done to the selected rows, through a preview. `action`: its row of the rule table."""

    key: str
    label: Any
    icon: str
    action: str
    danger: bool = False


@dataclass(frozen=True)
class ShownPage:
    """A page as the template shows it."""

    objects: Sequence[Any]
    next_url: str
    previous_url: str
    count_text: str


class ListPage(ScopedView):
    """A list. Whatever the size of the table: one page of rows, a count that stops at 1,000, at most 12 queries."""

    model: ClassVar[type[Model]]
    title: ClassVar[Any] = ""
    template_name = "components/list_page.html"
    columns: ClassVar[Sequence[Column]]
    default_sort: ClassVar[str]
    filterset_class: ClassVar[type[FilterSet] | None] = None
    row_template: ClassVar[str]
    rows_fragment: ClassVar[str] = "components/list.html"
    csv_header: ClassVar[Sequence[str]] = ()
    csv_name: ClassVar[str] = "export.csv"
    bulk_actions: ClassVar[Sequence[BulkAction]] = ()
    empty_title: ClassVar[Any] = ""
    empty_text: ClassVar[Any] = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows, filterset = self.filtered(self.get_queryset())
        if request.GET.get("format") == "csv" and self.csv_header:
            lines = (self.csv_row(obj) for obj in rows.order_by("pk").iterator(chunk_size=2000))
            return csv_response(self.csv_name, self.csv_header, lines)
        sort = self.sort()
        page = keyset.paginate(rows, sort=self.sort_column(sort), params=request.GET.dict(), few=self.few())
        context = {
            "title": self.title,
            "columns": [column for column in self.columns if not column.action or may(self.user, column.action)],
            "sort": sort,
            "page": self.shown(page),
            "row_template": self.row_template,
            "filter": filterset,
            "filtered": self.is_filtered(filterset),
            "bulk_actions": [bulk for bulk in self.bulk_actions if may(self.user, bulk.action)],
            "bulk_url": self.bulk_url(),
            "new_url": self.new_url(),
            "new_label": self.new_label(),
            "export_url": self.url_with(format="csv") if self.csv_header else "",
            "empty_title": self.empty_title,
            "empty_text": self.empty_text,
            **self.get_context(),
        }
        htmx = self.request.htmx
        is_fragment = htmx and not htmx.boosted and not htmx.history_restore_request
        return self.render(context, template=self.rows_fragment if is_fragment else self.template_name)

    def get_queryset(self) -> QuerySet[Any]:
        """What the list is of, in scope, with what a row shows."""
        rows = self.scoped(self.model)
        return rows.for_display() if hasattr(rows, "for_display") else rows

    def get_context(self) -> dict[str, Any]:
        """What the template needs beside the list."""
        return {}

    def csv_row(self, obj: Any) -> Sequence[Any]:
        """One object as the cells under `csv_header`."""
        raise NotImplementedError

    def bulk_url(self) -> str:
        """Where the selected rows are sent."""
        return ""

    def new_url(self) -> str:
        """Where a new one is made; empty where this person may not."""
        return ""

    def new_label(self) -> Any:
        """What that button says."""
        return ""

    def filtered(self, rows: QuerySet[Any]) -> tuple[QuerySet[Any], FilterSet | None]:
        """The rows that the URL asks for. A filter value that makes no sense shows everything, and says so."""
        if self.filterset_class is None:
            return rows, None
        filterset = self.filterset_class(self.request.GET, queryset=rows, request=self.request)
        return filterset.qs, filterset

    def is_filtered(self, filterset: FilterSet | None) -> bool:
        """Whether the URL narrows the list: an empty one then says "nothing matches", not "nothing there"."""
        return filterset is not None and any(self.request.GET.get(name) for name in filterset.filters)

    def few(self) -> int:
        """How many rows are found before they are sorted: more where they are picked out of all of them."""
        picked = any(self.request.GET.get(name) for name in ("q", "target", "domain"))
        return keyset.SORTED if picked or self.user.level < Level.STAFF else keyset.COUNTED

    def sort(self) -> str:
        """The key of the column the URL asks to sort by, with "-" for descending; the default when unknown."""
        wanted = self.request.GET.get("sort", "")
        known = {column.key for column in self.columns if column.sortable}
        return wanted if wanted.removeprefix("-") in known else self.default_sort

    def sort_column(self, sort: str) -> str:
        """The database column behind a sort key."""
        by_key = {column.key: column.sort for column in self.columns}
        return ("-" if sort.startswith("-") else "") + by_key[sort.removeprefix("-")]

    def shown(self, page: keyset.Page[Any]) -> ShownPage:
        """The page with links to its neighbours."""
        return ShownPage(
            objects=page.objects,
            next_url=self.url_with(after=page.after) if page.after else "",
            previous_url=self.url_with(before=page.before) if page.before else "",
            count_text=self.count_text(page),
        )

    def count_text(self, page: keyset.Page[Any]) -> str:
        """How many there are; no further than 1,000."""
        if page.count > keyset.COUNTED:
            return _("more than %(count)s") % {"count": f"{keyset.COUNTED:,}"}
        return f"{page.count:,}"

    def url_with(self, **changes: str) -> str:
        """This list's address with other parameters; its page is forgotten unless `changes` names one."""
        query: QueryDict = self.request.GET.copy()
        for name in ("after", "before", "format"):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"{self.request.path}?{query.urlencode()}"
