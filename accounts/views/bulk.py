"""One action on the selected rows of a list: a preview, then all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from accounts.forms.base import PortalForm
from accounts.permissions import may
from accounts.views.base import ScopedView
from accounts.views.lists import BulkAction, ListPage
from roguelink.errors import ServiceError

MAX_SELECTED = 10_000


class BulkPage(ScopedView):
    """Sent by the list with `do` (the action's key) and `selected` (ids), or `all` with the list's `query`.

    The first sending shows what would happen; the second, with `confirmed`, does it. Ids outside the person's
    scope are as if they did not exist.
    """

    template_name = "components/bulk_page.html"
    list_page: ClassVar[type[ListPage]]
    forms: ClassVar[dict[str, type[PortalForm]]] = {}

    def post(self, request: HttpRequest) -> HttpResponseBase:
        bulk = self.bulk_action()
        objects = self.selected()
        if not objects:
            messages.warning(request, _("Nothing was selected."))
            return HttpResponseRedirect(self.back_url())
        if len(objects) > MAX_SELECTED:
            text = _("That is more than %(count)s at once. Please narrow the list first; its CSV button exports all.")
            messages.warning(request, text % {"count": f"{MAX_SELECTED:,}"})
            return HttpResponseRedirect(self.back_url())
        if (download := self.export(bulk.key, objects)) is not None:
            return download
        confirmed = "confirmed" in request.POST
        form = self.forms.get(bulk.key, PortalForm)(request.POST if confirmed else None, user=self.user)
        if confirmed and form.is_valid():
            try:
                count = self.apply(bulk.key, [obj.pk for obj in objects], form)
            except ServiceError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, self.done_message(bulk, count))
                return HttpResponseRedirect(self.back_url())
        return self.show(bulk, objects, form, status=422 if confirmed else 200)

    def preview(self, key: str, objects: Sequence[Any], form: PortalForm) -> Sequence[Any]:
        """What would happen to each object: rows with .obj, .applies and .text."""
        raise NotImplementedError

    def apply(self, key: str, ids: Sequence[int], form: PortalForm) -> int:
        """Do it to exactly these; how many they were. Raises ServiceError when it is refused."""
        raise NotImplementedError

    def export(self, key: str, objects: Sequence[Any]) -> HttpResponseBase | None:
        """A download, for an action that is one."""
        return None

    def done_message(self, bulk: BulkAction, count: int) -> str:
        """What the person reads when it is done."""
        return _("%(action)s: done for %(count)s.") % {"action": bulk.label, "count": f"{count:,}"}

    def bulk_action(self) -> BulkAction:
        """The action asked for, if this person may do it at all."""
        wanted = self.request.POST.get("do", "")
        for bulk in self.list_page.bulk_actions:
            if bulk.key == wanted and may(self.user, bulk.action):
                return bulk
        raise Http404

    def selected(self) -> Sequence[Any]:
        """The objects, in scope, with their domain; at most one more than MAX_SELECTED."""
        model = self.list_page.model
        rows = self.scoped(model)
        rows = rows.for_display() if hasattr(rows, "for_display") else rows
        if "all" in self.request.POST:
            query = QueryDict(self.request.POST.get("query", ""))
            if self.list_page.filterset_class is not None:
                rows = self.list_page.filterset_class(query, queryset=rows, request=self.request).qs
        else:
            ids = [value for value in self.request.POST.getlist("selected") if value.isdecimal() and len(value) < 19]
            rows = rows.filter(pk__in=ids)
        return list(rows.order_by("pk")[: MAX_SELECTED + 1])

    def back_url(self) -> str:
        """The list, as it was filtered."""
        raise NotImplementedError

    def show(self, bulk: BulkAction, objects: Sequence[Any], form: PortalForm, *, status: int) -> HttpResponse:
        """The preview."""
        verdicts = self.preview(bulk.key, objects, form)
        context = {
            "bulk": bulk,
            "form": form,
            "applying": [verdict for verdict in verdicts if verdict.applies],
            "left_alone": [verdict for verdict in verdicts if not verdict.applies],
            "cancel_url": self.back_url(),
            "query": self.request.POST.get("query", ""),
        }
        return self.render(context, status=status)
