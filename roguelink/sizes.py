"""Sizes: bytes in the database, MB and GB (1024 steps) for people. 0 bytes means "no limit" where a limit is meant."""

from __future__ import annotations

import re
from decimal import Decimal

UNITS = {"": 2, "b": 0, "bytes": 0, "kb": 1, "k": 1, "mb": 2, "m": 2, "gb": 3, "g": 3, "tb": 4, "t": 4}
NAMES = ("bytes", "KB", "MB", "GB", "TB")
MAX_BYTES = 2**60


def parse_size(text: str) -> int:
    """Bytes from "2 GB", "500MB", "1.5g" or a bare number, which means MB. Raises ValueError."""
    match = re.fullmatch(r"([0-9]{1,19}(?:[.,][0-9]{1,6})?)\s*([a-z]*)", text.strip().lower())
    if match is None or match[2] not in UNITS:
        raise ValueError(text)
    size = int(Decimal(match[1].replace(",", ".")) * 1024 ** UNITS[match[2]])
    if size > MAX_BYTES:
        raise ValueError(text)
    return size


def format_size(size: int) -> str:
    """Bytes as a person reads them, in the largest unit that leaves a number of at least one."""
    power = min(max((abs(size).bit_length() - 1) // 10, 0), len(NAMES) - 1)
    number = Decimal(size) / 1024**power
    digits = f"{number:.1f}".removesuffix(".0") if number < 100 else f"{number:.0f}"
    return f"{digits} {NAMES[power]}"


def exact_size(size: int) -> str:
    """Bytes as a person reads them, without rounding: `parse_size` gives the same number back. For form fields."""
    number, unit = format_size(size).split()
    if Decimal(number) * 1024 ** NAMES.index(unit) == size:
        return f"{number} {unit}"
    power = next(power for power in range(len(NAMES) - 1, -1, -1) if size % 1024**power == 0)
    return f"{size // 1024**power} {NAMES[power]}"
