"""What the log can be narrowed to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import history
from accounts.forms.base import PortalForm
from accounts.forms.choices import DomainChoiceField
from accounts.models import User


class LogForm(PortalForm):
    """Empty fields ask for everything in scope."""

    kind = forms.ChoiceField(label=_("What"), required=False)  # its choices depend on the person
    action = forms.ChoiceField(
        label=_("Done"),
        required=False,
        choices=[("", _("anything")), ("insert", _("created")), ("update", _("changed")), ("delete", _("removed"))],
    )
    domain = DomainChoiceField(required=False)
    person = forms.ModelChoiceField(
        label=_("By whom"),
        required=False,
        queryset=User._default_manager.all(),
        to_field_name="email",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid_choice": _("There is no such sign-in address.")},
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    object = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["submission"], self.fields["version"]
        mine = [one for one in history.kinds.values() if self.user.is_staff or one.domain_path]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("everything")),
            *((one.kind, one.label) for one in mine),
        ]

    def question(self) -> history.Question:
        """The clean data as a question; days are whole days in the person's time zone."""
        data = self.cleaned_data
        domain, person, until = data.get("domain"), data.get("person"), data.get("until")
        return history.Question(
            kind=data.get("kind") or "",
            object_id=data.get("object"),
            domain_id=domain.pk if domain else None,
            person_id=person.pk if person else None,
            action=data.get("action") or "",
            since=_midnight(data.get("since")),
            # Nothing is later than the last day there is, so that one is no limit.
            until=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
        )


def _midnight(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
