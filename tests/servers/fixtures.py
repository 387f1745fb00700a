"""`mail_stack`: real servers on the test database. A test that uses it needs `transactional_db` as well, because
Postfix and Dovecot see only what is committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from mail.configuration import prepare_database, secrets
from tests.servers.stack import POSTMASTER, MailStack, missing


@pytest.fixture(scope="session")
def running_stack(django_db_setup: None, django_db_blocker: Any) -> Iterator[MailStack]:
    """Postfix and Dovecot, once a run. Skipped with the reason where they cannot be; in CI that is a failure."""
    if why := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    stack = MailStack()
    try:
        with django_db_blocker.unblock():
            stack.start()
        yield stack
    finally:
        stack.stop()
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            # Postfix's helpers take a moment to die, and the test database cannot go while they are connected.
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename LIKE 'mta_%%er'"
            )


@pytest.fixture
def mail_stack(transactional_db: None, running_stack: MailStack) -> MailStack:
    """The servers, for a test whose rows are committed; without any mail yet."""
    running_stack.forget_mail()
    prepare_database(secrets(), postmaster=POSTMASTER)  # another test may have run mailconfig since
    return running_stack
