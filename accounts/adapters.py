"""How django-allauth fits this portal."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Logins are made by staff and by domain administrators, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """There is no public sign-up."""
        return False
