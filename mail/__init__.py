"""Floor 3: mailboxes, aliases, and what the mail servers read."""
