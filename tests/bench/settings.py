"""Settings of the bench: the tests', with its own database and passwords at their real cost."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] += os.environ.get("BENCH_DATABASE_SUFFIX", "_bench")
# What takes longer has failed, and must not keep the others waiting.
DATABASES["default"]["OPTIONS"]["options"] = "-c statement_timeout=10s"
ROOT_URLCONF = "tests.bench.urls"
PASSWORD_COST: dict[str, int] = {}
# A page that fails is a line of the table, not a page of traceback.
LOGGING = {
    "version": 1,
    "handlers": {"null": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["null"]},
    "loggers": {"django": {"handlers": ["null"], "propagate": False}},
}
