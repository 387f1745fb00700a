"""CSV import in three pages: choose a file, read the verdicts, read what was done."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.views.base import ScopedView
from accounts.views.forms import FormPage
from mail.forms.bulk import ApplyForm, UploadForm
from mail.services import csv_import, drafts
from roguelink.errors import ServiceError


class UploadPage(FormPage):
    """Choose a file; the answer is the dry run."""

    kind: ClassVar[str]
    list_url: ClassVar[str]
    form_class = UploadForm
    template_name = "mail/import/upload.html"
    submit_label = _("Look at it first")

    def perform(self, form: PortalForm) -> HttpResponse:
        """Nothing is changed: every row's verdict is shown, with the way to apply them."""
        file = form.cleaned_data["file"]
        content = file.read()
        report = csv_import.dry_run(self.user, kind=self.kind, rows=csv_import.read(self.kind, content))
        context: dict[str, Any] = {"report": report, "name": file.name, **self.get_context(form)}
        if report.can_apply:
            draft, key = drafts.keep_draft(self.user, kind=self.kind, name=file.name or "", content=content)
            context["apply_form"] = ApplyForm(initial={"token": draft.token, "key": key})
        return self.render(context, template="mail/import/report.html")

    def cancel_url(self) -> str:
        return reverse(self.list_url)

    def get_context(self, form: PortalForm) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": self.title,
            "columns_known": csv_import.COLUMNS[self.kind],
            "max_rows": csv_import.MAX_ROWS,
            "apply_url": reverse(f"mail:{self.kind}-import-apply"),
            "upload_url": self.request.path,
            "list_url": self.cancel_url(),
        }


class ApplyPage(ScopedView):
    """Do what the dry run showed: all rows or none. A second sending finds the upload gone, and says so."""

    kind: ClassVar[str]
    list_url: ClassVar[str]
    template_name = "mail/import/done.html"

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = ApplyForm(request.POST)
        if not form.is_valid():
            return self.back(_("This page is no longer complete. Please choose the file again."))
        try:
            with transaction.atomic():
                draft, content = drafts.take_draft(self.user, **form.cleaned_data)
                report = csv_import.apply(self.user, kind=self.kind, rows=csv_import.read(self.kind, content))
                draft.delete()
        except ServiceError as error:
            return self.back(error.message)
        return self.render({"report": report, "list_url": reverse(self.list_url), "name": draft.name})

    def back(self, message: Any) -> HttpResponseBase:
        """To the upload page, with the reason; nothing was done."""
        messages.error(self.request, message)
        return HttpResponseRedirect(reverse(f"mail:{self.kind}-import"))


class MailboxImport(UploadPage):
    """Mailboxes from a CSV file."""

    action = "mailbox.import"
    kind = "mailbox"
    list_url = "mail:mailbox-list"
    title = _("Import mailboxes")


class MailboxImportApply(ApplyPage):
    """Apply an import of mailboxes."""

    action = "mailbox.import"
    kind = "mailbox"
    list_url = "mail:mailbox-list"


class AliasImport(UploadPage):
    """Aliases from a CSV file."""

    action = "alias.import"
    kind = "alias"
    list_url = "mail:alias-list"
    title = _("Import aliases")


class AliasImportApply(ApplyPage):
    """Apply an import of aliases."""

    action = "alias.import"
    kind = "alias"
    list_url = "mail:alias-list"
