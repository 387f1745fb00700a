"""Addresses of the pages about mail."""

from django.urls import path

from mail.views import alias_domains, aliases, bulk, csv_import, mailboxes, servers

app_name = "mail"

urlpatterns = [
    path("mailboxes/", mailboxes.MailboxList.as_view(), name="mailbox-list"),
    path("mailboxes/new/", mailboxes.MailboxCreate.as_view(), name="mailbox-create"),
    path("mailboxes/bulk/", bulk.MailboxBulk.as_view(), name="mailbox-bulk"),
    path("mailboxes/import/", csv_import.MailboxImport.as_view(), name="mailbox-import"),
    path("mailboxes/import/apply/", csv_import.MailboxImportApply.as_view(), name="mailbox-import-apply"),
    path("mailboxes/<int:pk>/", mailboxes.MailboxDetail.as_view(), name="mailbox-detail"),
    path("mailboxes/<int:pk>/edit/", mailboxes.MailboxEdit.as_view(), name="mailbox-edit"),
    path("mailboxes/<int:pk>/forwards/", mailboxes.MailboxForwards.as_view(), name="mailbox-forwards"),
    path("mailboxes/<int:pk>/password/", mailboxes.MailboxPassword.as_view(), name="mailbox-password"),
    path("mailboxes/<int:pk>/suspend/", mailboxes.MailboxSuspend.as_view(), name="mailbox-suspend"),
    path("mailboxes/<int:pk>/activate/", mailboxes.MailboxActivate.as_view(), name="mailbox-activate"),
    path("mailboxes/<int:pk>/delete/", mailboxes.MailboxDelete.as_view(), name="mailbox-delete"),
    path("mailboxes/<int:pk>/restore/", mailboxes.MailboxRestore.as_view(), name="mailbox-restore"),
    path("aliases/", aliases.AliasList.as_view(), name="alias-list"),
    path("aliases/new/", aliases.AliasCreate.as_view(), name="alias-create"),
    path("aliases/bulk/", bulk.AliasBulk.as_view(), name="alias-bulk"),
    path("aliases/import/", csv_import.AliasImport.as_view(), name="alias-import"),
    path("aliases/import/apply/", csv_import.AliasImportApply.as_view(), name="alias-import-apply"),
    path("aliases/<int:pk>/", aliases.AliasDetail.as_view(), name="alias-detail"),
    path("aliases/<int:pk>/edit/", aliases.AliasEdit.as_view(), name="alias-edit"),
    path("aliases/<int:pk>/delete/", aliases.AliasDelete.as_view(), name="alias-delete"),
    path("aliases/<int:pk>/restore/", aliases.AliasRestore.as_view(), name="alias-restore"),
    path("aliases/<int:pk>/purge/", aliases.AliasPurge.as_view(), name="alias-purge"),
    path("alias-domains/", alias_domains.AliasDomainList.as_view(), name="aliasdomain-list"),
    path("alias-domains/new/", alias_domains.AliasDomainCreate.as_view(), name="aliasdomain-create"),
    path("alias-domains/<int:pk>/", alias_domains.AliasDomainEdit.as_view(), name="aliasdomain-edit"),
    path("alias-domains/<int:pk>/delete/", alias_domains.AliasDomainDelete.as_view(), name="aliasdomain-delete"),
    path("settings/mail-servers/", servers.ServerList.as_view(), name="server-list"),
    path("settings/mail-servers/new/", servers.ServerCreate.as_view(), name="server-create"),
    path("settings/mail-servers/<int:pk>/", servers.ServerEdit.as_view(), name="server-edit"),
    path("settings/mail-servers/<int:pk>/delete/", servers.ServerDelete.as_view(), name="server-delete"),
]
