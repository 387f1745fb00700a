"""One concept a file; this package hands on the names."""

from mail.models.alias import Alias, AliasDomain, AliasTarget
from mail.models.draft import ImportDraft
from mail.models.mailbox import NEARLY_FULL, Forward, Mailbox
from mail.models.server import MailServer
from mail.models.usage import LastLogin, MailboxUsage

__all__ = [
    "NEARLY_FULL",
    "Alias",
    "AliasDomain",
    "AliasTarget",
    "Forward",
    "ImportDraft",
    "LastLogin",
    "MailServer",
    "Mailbox",
    "MailboxUsage",
]
