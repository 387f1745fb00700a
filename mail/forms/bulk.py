"""Forms of bulk actions and of CSV import."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.forms.fields import SizeField
from roguelink.sizes import format_size


class BulkQuotaForm(PortalForm):
    """The quota that the selected mailboxes shall have."""

    quota = SizeField(label=_("New quota for each"), zero_is_unlimited=True, required=False)


class UploadForm(PortalForm):
    """A CSV file to look at."""

    file = forms.FileField(label=_("CSV file"), allow_empty_file=True)

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is larger than any sensible list."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > settings.CSV_MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(size)s."), params={"size": format_size(settings.CSV_MAX_BYTES)}
            )
        return file


class ApplyForm(forms.Form):
    """What the page of a dry run sends back: which upload, and the key that opens it."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
