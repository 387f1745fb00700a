"""Forms about staff logins."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm


class StaffCreateForm(PortalForm):
    """A new person at the desk."""

    email = forms.EmailField(label=_("Sign-in address"), max_length=320)
    name = forms.CharField(label=_("Name"), max_length=150)
    is_superuser = forms.BooleanField(label=_("Owner: may also change staff and servers"), required=False)


class StaffEditForm(PortalForm):
    """What can be changed of a staff login."""

    name = forms.CharField(label=_("Name"), max_length=150)
    is_superuser = forms.BooleanField(label=_("Owner: may also change staff and servers"), required=False)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)
