"""The one search: as a fragment while typing, as a page with Enter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from accounts.search import only_exact, search
from accounts.views.base import ScopedView


class Search(ScopedView):
    """Whatever this person may see and what was typed fits."""

    action = "search"
    template_name = "accounts/search/page.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        typed = request.GET.get("q", "").replace("\0", "").strip()
        groups = search(self.user, typed)
        context = {"query": typed, "search_query": typed, "groups": groups}
        if self.request.htmx:
            return self.render(context, template="components/search_results.html")
        if (hit := only_exact(groups)) is not None:
            return HttpResponseRedirect(hit.url)
        return self.render(context)
