"""Bulk actions on mailboxes and aliases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponseBase
from django.urls import reverse

from accounts.forms.base import PortalForm
from accounts.views.bulk import BulkPage
from mail.forms.bulk import BulkQuotaForm
from mail.models import Alias, Mailbox
from mail.services import bulk
from mail.views.aliases import AliasList, alias_csv_row
from mail.views.mailboxes import MailboxList, mailbox_csv_row
from roguelink.csv_out import csv_response


class MailboxBulk(BulkPage):
    """What can be done to many mailboxes."""

    action = "mailbox.view"
    list_page = MailboxList
    forms = {"quota": BulkQuotaForm}

    def preview(self, key: str, objects: Sequence[Any], form: PortalForm) -> Sequence[Any]:
        return bulk.preview(self.user, wish=key, objects=objects, value=_value(form))

    def apply(self, key: str, ids: Sequence[int], form: PortalForm) -> int:
        return bulk.apply(self.user, model=Mailbox, wish=key, ids=ids, value=_value(form))

    def export(self, key: str, objects: Sequence[Any]) -> HttpResponseBase | None:
        if key != "export":
            return None
        prefetch_related_objects(objects, "forwards")
        return csv_response(MailboxList.csv_name, MailboxList.csv_header, map(mailbox_csv_row, objects))

    def back_url(self) -> str:
        return _back("mail:mailbox-list", self.request.POST.get("query", ""))


class AliasBulk(BulkPage):
    """What can be done to many aliases."""

    action = "alias.view"
    list_page = AliasList

    def preview(self, key: str, objects: Sequence[Any], form: PortalForm) -> Sequence[Any]:
        return bulk.preview(self.user, wish=key, objects=objects)

    def apply(self, key: str, ids: Sequence[int], form: PortalForm) -> int:
        return bulk.apply(self.user, model=Alias, wish=key, ids=ids)

    def export(self, key: str, objects: Sequence[Any]) -> HttpResponseBase | None:
        if key != "export":
            return None
        return csv_response(AliasList.csv_name, AliasList.csv_header, map(alias_csv_row, objects))

    def back_url(self) -> str:
        return _back("mail:alias-list", self.request.POST.get("query", ""))


def _value(form: PortalForm) -> Any:
    return form.cleaned_data.get("quota") if form.is_bound and form.is_valid() else None


def _back(url_name: str, query: str) -> str:
    return f"{reverse(url_name)}?{query}" if query else reverse(url_name)
