"""Form fields that the apps share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roguelink.sizes import exact_size, parse_size


class SizeField(forms.CharField):
    """A size such as "2 GB" or "500" (MB); the value is in bytes.

    Empty is None. With `zero_is_unlimited`, empty is 0, and 0 is shown as empty: "no limit".
    """

    def __init__(self, *, zero_is_unlimited: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("For example 500 MB or 2 GB. Empty: no limit."))
        super().__init__(**kwargs)
        self.zero_is_unlimited = zero_is_unlimited
        # Not as max_length: Django would measure the number of bytes as if it were the text.
        self.widget.attrs |= {"inputmode": "text", "maxlength": "30"}

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        if isinstance(value, int):
            return value
        text = super().to_python(value)
        if not text:
            return 0 if self.zero_is_unlimited else None
        try:
            return parse_size(text)
        except ValueError as error:
            raise ValidationError(_("Please enter a size like 500 MB or 2 GB.")) from error

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return "" if value == 0 and self.zero_is_unlimited else exact_size(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
