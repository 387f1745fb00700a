"""The views that all others are made of. They find objects by `visible_to(user)`, and nothing else does.

Three locks, each enough alone: an object outside the person's scope is 404 (`find`); a form offers only
choices in scope (PortalForm); and what a form has saved must still be in scope, or it is rolled back.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from accounts.permissions import may, require
from roguelink.errors import NotAllowed

M = TypeVar("M", bound=Model)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class PortalRequest(HttpRequest):
    """A request as the middleware has dressed it; for the type checker."""

    htmx: HtmxDetails
    request_id: str


class ScopedView(View):
    """A page of the portal: for people who are signed in, about what they may see and do.

    `action` is the row of the rule table; a view without one cannot be mounted.
    """

    action: ClassVar[str] = ""
    model: ClassVar[type[Model] | None] = None
    template_name: str = ""
    request: PortalRequest

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Refuse a view that does not say what it lets people do."""
        if not (initkwargs.get("action") or cls.action):
            raise ImproperlyConfigured(f"{cls.__name__} names no action of accounts.permissions.RULES")
        return super().as_view(**initkwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return _to_sign_in(request)
        if not may(request.user, self.action):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Django answers it, but with words: whoever comes back to an address that only takes forms reads them."""
        refusal = super().http_method_not_allowed(request, *args, **kwargs)
        refusal.content = render_to_string("400.html", request=request)
        return refusal

    @property
    def user(self) -> User:
        """The person; `dispatch` has seen to it that there is one."""
        assert isinstance(self.request.user, User)  # noqa: S101 (for the type checker)
        return self.request.user

    def scoped(self, model: type[M]) -> QuerySet[M]:
        """The rows of a model that this person may see. A model without `visible_to` has no page."""
        queryset: QuerySet[M] = model._default_manager.visible_to(self.user)  # type: ignore[attr-defined]
        return queryset

    def find(self, model: type[M], pk: Any, *, within: dict[str, Any] | None = None) -> M:
        """One object in scope (404 otherwise) on which this person may do the view's action (403 otherwise).

        `within` narrows the scope further, as keyword arguments of filter().
        """
        rows = self.scoped(model).filter(**(within or {}))
        if hasattr(rows, "for_display"):
            rows = rows.for_display()
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Http404
        try:
            require(self.user, self.action, found)
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error
        return found

    def render(self, context: dict[str, Any], *, status: int = 200, template: str | None = None) -> HttpResponse:
        """The view's template, with `may`-answers left to the template tag."""
        return render(self.request, template or self.template_name, context, status=status)


class DetailPage(ScopedView):
    """The page of one object. `get_context(obj)` gives what the template needs beside `object`."""

    model: ClassVar[type[Model]]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.find(self.model, pk)
        return self.render({"object": found, **self.get_context(found)})

    def get_context(self, obj: Any) -> dict[str, Any]:
        """What the template needs beside `object`."""
        return {}


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back: to this page or, where it only takes forms, to the one the form was on."""
    if request.method not in SAFE_METHODS:
        messages.warning(request, _("You were signed out meanwhile, so what you sent was not done."))
    origin = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure())
    back = [request.get_full_path(), *([urlsplit(origin)._replace(scheme="", netloc="").geturl()] if known else [])]
    response = redirect_to_login(next(filter(_can_be_opened, back), resolve_url(settings.LOGIN_REDIRECT_URL)))
    if getattr(request, "htmx", False):
        # A fragment request must not swap the sign-in page into the middle of another.
        return HttpResponse(status=204, headers={"HX-Redirect": response.url})
    return response


def _can_be_opened(address: str) -> bool:
    """Whether there is a page at this address, and not only something that takes forms."""
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return False
    return hasattr(getattr(view, "view_class", None), "get")
