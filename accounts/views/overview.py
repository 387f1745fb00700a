"""The first page: what needs attention today, and where to begin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from accounts import contributions, history
from accounts.permissions import may
from accounts.views.base import ScopedView

LATEST = 8


class Overview(ScopedView):
    """What needs attention in what this person may see, what he does often, and what was changed last."""

    action = "overview.view"
    template_name = "accounts/overview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        latest: list[history.Entry] = []
        if may(self.user, "log.view"):
            latest = history.entries(self.user, history.Question(), before=None, size=LATEST)[0]
        context = {
            "attention": [item for source in contributions.attention_sources for item in source(self.user)],
            "panels": [panel for make in contributions.overview_panels if (panel := make(request))],
            "shortcuts": [one for one in contributions.shortcuts if may(self.user, one.action)],
            "entries": latest,
        }
        return self.render(context)
