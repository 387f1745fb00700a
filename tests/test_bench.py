"""The bench's own promises: a bar that is missed is said, and a measurement that breaks hides no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench import table
from tests.bench.table import Result

FINE = Result("quick page", "3 q 8.0 ms", "6.0 ms", 1.33, "≤ 50 ms", ok=True)
SLOW = Result("slow page", "3 q 80.0 ms", "6.0 ms", 13.3, "≤ 50 ms", ok=False)


def printed(results: list[Result]) -> tuple[str, bool]:
    lines: list[str] = []
    all_ok = table.print_table(results, lines.append)
    return "".join(lines), all_ok


def test_a_missed_bar_is_said_and_decides() -> None:
    assert printed([FINE])[1] is True
    text, all_ok = printed([SLOW, FINE])
    assert not all_ok
    assert [line.split()[-1] for line in text.splitlines()[1:]] == ["SHORT", "ok"]


@pytest.fixture
def measurements(monkeypatch: pytest.MonkeyPatch) -> dict[str, table.Measure]:
    entered: dict[str, table.Measure] = {}
    monkeypatch.setattr(table, "MEASUREMENTS", entered)
    return entered


def test_one_that_breaks_off_is_a_line_and_the_others_go_on(measurements, capsys) -> None:
    @table.measurement("first")
    def breaks(world) -> Iterator[Result]:
        yield FINE
        raise ZeroDivisionError

    @table.measurement("second")
    def works(world) -> Iterator[Result]:
        yield SLOW

    found = list(table.run(None, only=None))
    assert [result.what for result in found] == [FINE.what, "first broke off: ZeroDivisionError", SLOW.what]
    assert not found[1].ok


def test_only_selects_by_a_part_of_the_name(measurements) -> None:
    @table.measurement("pages")
    def pages(world) -> Iterator[Result]:
        yield FINE

    @table.measurement("search")
    def search(world) -> Iterator[Result]:
        yield SLOW

    assert list(table.run(None, only="sea")) == [SLOW]


def test_times_are_taken_in_turns() -> None:
    order: list[str] = []
    table.medians(lambda: order.append("a"), lambda: order.append("b"), rounds=2)
    assert order == ["a", "b"] * 3
