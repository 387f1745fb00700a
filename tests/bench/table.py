"""What a measurement is, how it is timed, and the table in which all of them stand."""

from __future__ import annotations

import statistics
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.bench.world import World


@dataclass(frozen=True)
class Result:
    """One line of the table. `limit` is what the same machine does at best; `ratio` compares the two."""

    what: str
    measured: str
    limit: str
    ratio: float
    bar: str
    ok: bool


Measure = Callable[[World], Iterable[Result]]
MEASUREMENTS: dict[str, Measure] = {}


def measurement(name: str) -> Callable[[Measure], Measure]:
    """Decorator: enter a function that yields results under this name, which `--only` selects."""

    def enter(measure: Measure) -> Measure:
        MEASUREMENTS[name] = measure
        return measure

    return enter


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def medians(*calls: Callable[[], object], rounds: int) -> list[float]:
    """The median seconds of each call, taken in turns, so that whatever else the machine does hits all alike."""
    for call in calls:
        call()
    times = [[seconds(call) for call in calls] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def print_table(results: Iterable[Result], write: Callable[[str], object]) -> bool:
    """Print each line as it is known; whether all bars are met."""
    write(f"{'what':<62} {'measured':>22} {'plain limit':>14} {'ratio':>7}  {'bar':<26} verdict\n")
    all_ok = True
    for result in results:
        all_ok &= result.ok
        write(
            f"{result.what:<62} {result.measured:>22} {result.limit:>14} {result.ratio:>7.2f}"
            f"  {result.bar:<26} {'ok' if result.ok else 'SHORT'}\n"
        )
    return all_ok


def run(world: World, only: str | None) -> Iterator[Result]:
    """The results of all measurements, or of those whose name contains `only`."""
    for name, measure in MEASUREMENTS.items():
        if only is None or only in name:
            try:
                yield from measure(world)
            except Exception as error:  # noqa: BLE001 (one that breaks must not hide what the others found)
                traceback.print_exc()
                yield Result(f"{name} broke off: {type(error).__name__}", "-", "-", 0, "", ok=False)
