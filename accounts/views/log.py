"""The log: what was changed, by whom, from what to what, and taking it back."""

from __future__ import annotations

import base64
import json
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import history
from accounts.forms.log import LogForm
from accounts.permissions import may
from accounts.services.undo import undo
from accounts.views.base import ScopedView
from roguelink.errors import ServiceError

PAGE_SIZE = 50


class Log(ScopedView):
    """The history of everything in scope, the newest first."""

    action = "log.view"
    template_name = "accounts/log/page.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = LogForm(request.GET, user=self.user)
        question = form.question() if form.is_valid() else history.Question()
        before = _decode(request.GET.get("before", ""))
        found, following = history.entries(self.user, question, before=before, size=PAGE_SIZE)
        query = request.GET.copy()
        query.pop("before", None)
        first_url = f"{request.path}?{query.urlencode()}"
        if following:
            query["before"] = _encode(following)
        context = {
            "form": form,
            "entries": found,
            "next_url": f"{request.path}?{query.urlencode()}" if following else "",
            "first_url": first_url if before else "",
            "may_undo": may(self.user, "log.undo"),
        }
        return self.render(context)


class Undo(ScopedView):
    """Take one change back."""

    action = "log.undo"

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
        try:
            title = undo(self.user, kind=kind, event_id=pk)
        except ServiceError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("%(title)s is as it was before.") % {"title": title})
        back = request.POST.get("back", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return HttpResponseRedirect(back if safe else reverse("accounts:log"))


def _encode(key: history.Key) -> str:
    return base64.urlsafe_b64encode(json.dumps([key[0].isoformat(), key[1], key[2]]).encode()).decode().rstrip("=")


def _decode(token: str) -> history.Key | None:
    """The key in a token; None for anything that is none."""
    try:
        at, kind, pk = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        moment = parse_datetime(at)
        if (
            isinstance(moment, datetime)
            and moment.tzinfo
            and isinstance(kind, str)
            and isinstance(pk, int)
            and pk < 2**31
        ):
            return moment, kind, pk
    except (ValueError, TypeError, RecursionError, OverflowError):
        pass
    return None
