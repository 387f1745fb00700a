"""What every form of the portal has: choices narrowed to what the person may see, and two hidden numbers."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from roguelink.db.versions import Versioned


class PortalForm(forms.Form):
    """A form that hands clean data to one service function.

    `submission` makes a double click harmless; `version` tells an edit that its object has moved on. Every
    choice of objects is narrowed to what `user` may see, so a foreign id is "not a valid choice".
    """

    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, instance: Any = None, **kwargs: Any) -> None:
        initial = self.initial_of(instance) if instance is not None else {}
        if isinstance(instance, Versioned):
            initial["version"] = instance.version
        initial["submission"] = uuid.uuid4()
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.user = user
        self.instance = instance
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = field.queryset.visible_to(user)  # type: ignore[attr-defined]

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """The object's present values, for the fields that are named like its own."""
        return {name: getattr(instance, name) for name in self.base_fields if hasattr(instance, name)}

    def readable(self, name: str, value: Any) -> str:
        """A value of one of the fields as a person reads it: no bytes, keys or ids."""
        field = self.fields[name]
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if value in field.empty_values or isinstance(value, Model):
            return str(value or "")
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        return str(field.prepare_value(value))

    def service_data(self) -> dict[str, Any]:
        """The clean data as the service function's keyword arguments."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"submission", "version"}}
