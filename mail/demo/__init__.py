"""The mail of the demo: mailboxes and aliases of the invented provider in `accounts.demo`."""
