"""The forms of the pages before one is signed in. They are allauth's, with our addresses and our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.addresses import to_sign_in_address
from accounts.tasks import send_password_reset


class AddressField(forms.CharField):
    """An e-mail address as it is stored. Whether it is one shows when it is looked up, not before."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
        super().__init__(max_length=320, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        return to_sign_in_address(super().clean(value))


class SignInForm(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField(label=_("E-mail address"))
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password"])


class ForgottenPasswordForm(ResetPasswordForm):
    """Asks for a link. The answer, and the time it takes, is the same whether the login exists or not."""

    email = AddressField(  # type: ignore[assignment]
        label=_("The address you sign in with")
    )

    def clean_email(self) -> str:
        """Nothing is looked up here: the background worker does that."""
        address: str = self.cleaned_data["email"]
        return address

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask the worker to send the link, if there is somebody to send it to."""
        send_password_reset.delay(self.cleaned_data["email"], request.build_absolute_uri("/"))
        address: str = self.cleaned_data["email"]
        return address


class ChooseNewPasswordForm(ResetPasswordKeyForm):
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("The same again")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
