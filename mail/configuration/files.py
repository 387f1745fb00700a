"""Writing the files, without ever overwriting what somebody has changed by hand."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

RECORD = ".mailconfig.json"  # path -> digest of what we wrote there last
# Most files hold passwords: readable by root and by the server's own group, which opens them. Whoever sends mail
# by the sendmail command reads main.cf and master.cf.
MODE, PUBLIC_MODE, PUBLIC = 0o640, 0o644, {"main.cf", "master.cf"}
GROUPS = {"postfix": "postfix", "dovecot": "dovecot"}


class Outcome(StrEnum):
    """What became of a file."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    KEPT = "changed by hand: kept; the new text is beside it, ending in .new"


def write_files(directory: Path, texts: dict[str, str], *, force: bool = False) -> dict[str, Outcome]:
    """Write each text to its path below `directory`; say what became of each.

    A file that is not as we last wrote it stays as it is, and gets a neighbor ending in `.new`, unless `force`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    record = _read_record(directory)
    outcomes = {}
    for name, text in texts.items():
        outcomes[name] = _write_one(directory / name, text, force=force, ours=record.get(name))
        if outcomes[name] is not Outcome.KEPT:
            record[name] = _digest(text)
    _put(directory / RECORD, json.dumps(record, indent=1), server="")
    return outcomes


def _write_one(path: Path, text: str, *, force: bool, ours: str | None) -> Outcome:
    server = path.parts[-3] if path.parent.name == "pgsql" else path.parent.name
    present = path.read_text(encoding="utf-8") if path.exists() else None
    new = path.with_name(path.name + ".new")
    if present is not None and present != text and _digest(present) != ours and not force:
        _put(new, text, server=server)
        return Outcome.KEPT
    new.unlink(missing_ok=True)
    if present == text:
        return Outcome.UNCHANGED
    _put(path, text, server=server)
    return Outcome.WRITTEN


def _put(path: Path, text: str, *, server: str) -> None:
    """Write in one step, with the right mode from the first moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    mode = PUBLIC_MODE if path.name in PUBLIC else MODE
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
    if os.geteuid() == 0 and server in GROUPS:
        with suppress(LookupError):  # the server is not installed here: the files are for another machine
            shutil.chown(unfinished, group=GROUPS[server])
    unfinished.replace(path)


def _read_record(directory: Path) -> dict[str, str]:
    with suppress(FileNotFoundError):
        known: dict[str, str] = json.loads((directory / RECORD).read_text(encoding="utf-8"))
        return known
    return {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
