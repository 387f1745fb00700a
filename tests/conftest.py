"""What every test has: our own PostgreSQL and Valkey, started if they are not up, without waiting for disks."""

from __future__ import annotations

import os
import shutil
import uuid

import hypothesis
import pytest
from django.core.cache import caches

from roguelink import embedded

hypothesis.settings.register_profile("quick", deadline=None, max_examples=100)
# The 10,000 cases: `HYPOTHESIS_PROFILE=thorough`, as .ci/run does for the property tests.
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

NEEDED = {"servers": ["postfix", "dovecot"], "browser": ["chromium"]}
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def pytest_configure(config: pytest.Config) -> None:
    """Before Django connects, and in the first process only: the workers of xdist find them up."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return
    if not os.environ.get("DATABASE_URL"):
        embedded.start_postgres(fast=True)
    if not os.environ.get("REDIS_URL"):
        embedded.start_valkey()
    (embedded.VAR_DIR / "static").mkdir(exist_ok=True)  # WhiteNoise warns where there is none


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test without what it needs is skipped, with the reason; in CI, where all of it must be, it fails."""
    for mark, programs in NEEDED.items():
        if item.get_closest_marker(mark):
            missing = [program for program in programs if shutil.which(program, path=PATH) is None]
            if mark == "servers" and os.geteuid() != 0:
                missing.append("root")
            if missing:
                (pytest.fail if os.environ.get("CI") else pytest.skip)(f"it needs {', '.join(missing)}")


@pytest.fixture(autouse=True)
def own_cache_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test counts its attempts to sign in from zero, whatever others do in the same Valkey."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid.uuid4().hex)
