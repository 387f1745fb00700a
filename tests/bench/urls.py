"""The portal's addresses, and one more: a page with nothing on it, the limit that no other can beat."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from roguelink.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def plain(request: HttpRequest) -> HttpResponse:
    """The frame of every page, with its menu, for the person signed in."""
    return render(request, "base.html")


urlpatterns = [path("bench/plain/", plain, name="bench-plain"), path("", include("roguelink.urls"))]
