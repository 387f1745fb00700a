"""The tests mirror the apps. They keep their servers apart from those of script/server."""

import os
from pathlib import Path

os.environ.setdefault("ROGUELINK_VAR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
