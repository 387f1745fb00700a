"""Choosing a domain or a person without a list of twenty thousand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import Customer, Domain
from accounts.names import to_a_label, to_unicode


class DomainChoiceField(forms.ModelChoiceField):
    """A domain, typed by name, with suggestions. PortalForm narrows it to what the person may see."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-suggest": "domain"})
    default_error_messages = {"invalid_choice": _("There is no such domain among yours.")}
    short = True

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Domain"))
        super().__init__(queryset=Domain._default_manager.filter(deleted_at=None), to_field_name="name", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return to_unicode(value.name) if isinstance(value, Domain) else value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return super().to_python(to_a_label(str(value)))
        except DomainError as error:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error


class CustomerChoiceField(forms.ModelChoiceField):
    """A customer, typed by account number, with suggestions. PortalForm narrows it to what the person may see."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "data-suggest": "customer"})
    default_error_messages = {"invalid_choice": _("There is no customer with this account number.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Customer"))
        kwargs.setdefault("help_text", _("The account number; start typing a name to find it."))
        super().__init__(queryset=Customer._default_manager.all(), to_field_name="number", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.number if isinstance(value, Customer) else value
