"""Forms about aliases and alias domains."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.forms.choices import DomainChoiceField
from mail.forms.mailboxes import LocalPartField, TargetsField
from mail.models import Alias


class ExpiryField(forms.DateTimeField):
    """Until when; in the person's time zone, as browsers write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Until"),
            required=False,
            help_text=_("Empty: for good."),
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            **kwargs,
        )


class AliasCreateForm(PortalForm):
    """A new alias, or the domain's catch-all."""

    local_part = LocalPartField(required=False)
    domain = DomainChoiceField()
    catch_all = forms.BooleanField(label=_("Catch-all: whatever no other address of the domain takes"), required=False)
    targets = TargetsField(label=_("Goes to"))
    expires_at = ExpiryField()
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class AliasEditForm(PortalForm):
    """Where an alias leads, and until when."""

    targets = TargetsField(label=_("Goes to"))
    is_active = forms.BooleanField(label=_("Active"), required=False)
    expires_at = ExpiryField()
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def initial_of(self, instance: Alias) -> dict[str, Any]:
        return super().initial_of(instance) | {"targets": [target.target for target in instance.targets.all()]}


class AliasDomainForm(PortalForm):
    """A domain that shall stand for another."""

    domain = DomainChoiceField(label=_("Alias domain"))
    target = DomainChoiceField(label=_("Stands for"))


class AliasDomainEditForm(PortalForm):
    """Whether an alias domain is in force."""

    is_active = forms.BooleanField(label=_("Active"), required=False)
