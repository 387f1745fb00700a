"""The first page: what needs attention today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from accounts import contributions
from accounts.views.base import ScopedView


class Overview(ScopedView):
    """What needs attention in what this person may see, and where to begin."""

    action = "overview.view"
    template_name = "accounts/overview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        attention = [item for source in contributions.attention_sources for item in source(self.user)]
        panels = [panel for make in contributions.overview_panels if (panel := make(request))]
        return self.render({"attention": attention, "panels": panels})
