"""What the portal needs besides servers: tables, static files, the demo ISP. Quick when nothing is to do."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from roguelink import embedded
from roguelink.supervisor.console import step


def prepare() -> None:
    """Do what is missing, one line each."""
    with step("Tables"):
        django.setup()
        _migrate()
    with step("Static files"):
        _collect_static()
    if settings.DEMO:
        with step("Demo ISP"):
            call_command("demo", if_empty=True, stdout=io.StringIO())
    connection.close()
    # Its threads: a process with threads must not fork.
    connection.close_pool()  # type: ignore[attr-defined]


def _migrate() -> None:
    """Asking for the plan takes a tenth of the time of an empty `migrate`."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _collect_static() -> None:
    """Only when a file has changed: comparing is quicker than compressing them all again."""
    folders = [*map(Path, settings.STATICFILES_DIRS), *(Path(app.path) / "static" for app in apps.get_app_configs())]
    digest = hashlib.sha256()
    for path in sorted({path for folder in folders for path in folder.rglob("*") if path.is_file()}):
        about = path.stat()
        digest.update(f"{path}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    stamp = embedded.VAR_DIR / ".static-sources"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    stamp.unlink(missing_ok=True)  # not true any more, should we be stopped half-way
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())
