"""The app of people, customers and domains."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, customers, domains, and the rule table of who may do what."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import attention, checks, contributions, history, search, tracked
        from accounts.contributions import NavigationItem, Shortcut

        register(checks.password_scheme, Tags.security)
        register(checks.second_factor_levels, Tags.security)
        history.register(*tracked.TRACKED)
        contributions.attention_sources += [attention.attention]
        contributions.shortcuts += [
            Shortcut(_("New customer"), "accounts:customer-create", "users", "customer.create"),
            Shortcut(_("New domain"), "accounts:domain-create", "world", "domain.create"),
        ]
        contributions.search_sources += [search.customers, search.domains, search.staff]
        contributions.navigation += [
            NavigationItem(_("Overview"), "accounts:overview", "home", "overview.view", 10),
            NavigationItem(_("Domains"), "accounts:domain-list", "world", "domain.view", 20),
            NavigationItem(_("Customers"), "accounts:customer-list", "users", "customer.view", 50),
            NavigationItem(_("Log"), "accounts:log", "history", "log.view", 60),
            NavigationItem(_("Staff"), "accounts:staff-list", "id-badge", "staff.view", 70),
        ]
