"""The app of mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Mailboxes and aliases, read live by Postfix and Dovecot."""

    name = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from accounts import contributions, history
        from accounts.contributions import NavigationItem, Shortcut
        from mail import attention, panels, search, tracked

        history.register(*tracked.TRACKED)
        contributions.shortcuts += [
            Shortcut(_("New mailbox"), "mail:mailbox-create", "mail", "mailbox.create"),
            Shortcut(_("New alias"), "mail:alias-create", "at", "alias.create"),
        ]
        contributions.search_sources += [search.mailboxes, search.aliases]
        contributions.domain_panels += [panels.domain_mailboxes, panels.domain_aliases, panels.domain_alias_domains]
        contributions.customer_panels += [panels.customer_mailboxes]
        contributions.overview_panels += [panels.own_mailbox]
        contributions.domain_counts += [panels.count_mailboxes, panels.count_aliases]
        contributions.domain_uses += [panels.use_of_limits]
        contributions.attention_sources += [attention.attention]
        contributions.navigation += [
            NavigationItem(_("Mailboxes"), "mail:mailbox-list", "mail", "mailbox.view", 30),
            NavigationItem(_("Aliases"), "mail:alias-list", "at", "alias.view", 40),
            NavigationItem(_("Mail servers"), "mail:server-list", "server", "server.view", 80),
        ]
