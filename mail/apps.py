"""The app of mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Mailboxes and aliases, read live by Postfix and Dovecot."""

    name = "mail"
    verbose_name = _("Mail")
