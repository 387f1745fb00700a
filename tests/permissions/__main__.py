"""`python -m tests.permissions` writes docs/permissions.md."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.permissions.document import PATH, document  # noqa: E402 (the apps must be loaded first)

PATH.parent.mkdir(exist_ok=True)
PATH.write_text(document())
