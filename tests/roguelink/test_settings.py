"""The settings a person makes from .env.example are understood."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from roguelink import embedded

SHOW = """
import json
from django.conf import settings as s
database = s.DATABASES["default"]
print(json.dumps([s.PASSWORD_COST, s.SECOND_FACTOR_REQUIRED, s.DEFAULT_FROM_EMAIL, database["HOST"], database["PORT"]]))
"""


def settings_with(tmp_path: Path, **environment: str) -> list[object]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "roguelink.settings",
        "ROGUELINK_VAR": str(tmp_path),
        **environment,
    }
    return json.loads(
        subprocess.run(
            [sys.executable, "-c", SHOW], cwd=embedded.BASE_DIR, env=environment, stdout=subprocess.PIPE, check=True
        ).stdout
    )


def test_each_line_of_the_example_can_be_uncommented_as_it_stands(tmp_path: Path) -> None:
    text = (embedded.BASE_DIR / ".env.example").read_text()
    example = dict(re.findall(r"^#([A-Z_]+)=(.+)$", text, re.MULTILINE))
    cost, factors, sender, host, port = settings_with(tmp_path, **example)
    assert cost == {"memory_cost": 19456, "rounds": 2, "parallelism": 1}
    assert factors == ["owner", "staff"]
    assert sender == "RogueLink <hotline@example.net>"
    assert (host, port) == ("127.0.0.1", 5432)


def test_several_postgresql_servers_can_be_named(tmp_path: Path) -> None:
    *_rest, host, port = settings_with(tmp_path, DATABASE_URL="postgresql://me:secret@one:5432,two:5433/portal")
    assert (host, port) == ("one,two", "5432,5433")
