"""Suggestions while typing: domains and customers, as options of a datalist."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join

from accounts.forms.customers import CustomerFilter
from accounts.models import Customer, Domain
from accounts.names import to_unicode
from accounts.views.base import ScopedView

LIMIT = 10


class DomainSuggestions(ScopedView):
    """Domains in scope that begin with, or else contain, what was typed."""

    action = "domain.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("q", "").replace("\0", "").strip().lower()[:100]
        rows = self.scoped(Domain).filter(deleted_at=None).order_by("name")
        names = list(rows.filter(name__startswith=typed).values_list("name", flat=True)[:LIMIT])
        if len(names) < LIMIT and len(typed) > 2:
            more = rows.filter(name__contains=typed).exclude(name__in=names).values_list("name", flat=True)
            names += list(more[: LIMIT - len(names)])
        return HttpResponse(format_html_join("", '<option value="{}"></option>', ((to_unicode(n),) for n in names)))


class CustomerSuggestions(ScopedView):
    """Customers by any scrap of name, number or phone; the value is the account number."""

    action = "customer.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("q", "").strip()[:100]
        found = CustomerFilter({"q": typed}, queryset=self.scoped(Customer)).qs.order_by("name")[:LIMIT]
        options = ((customer.number, customer.name, customer.city) for customer in found)
        return HttpResponse(format_html_join("", '<option value="{}">{} {}</option>', options))
