"""Every test here talks to real servers."""

from pathlib import Path

import pytest

from tests.servers.fixtures import mail_stack, running_stack  # noqa: F401

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, and keep them in one process: one pair of servers is enough."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.servers)
            item.add_marker(pytest.mark.xdist_group("servers"))
