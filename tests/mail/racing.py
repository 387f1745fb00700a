"""Several people doing something at the same moment, each on a connection of his own."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection

from roguelink.errors import ServiceError
from tests import factories as make


def at_once(call: Any, *, times: int) -> list[Any]:
    """What each of so many threads got, a result or the error that was raised, when all start together."""
    actor = make.a_staff_user()
    results: list[Any] = []
    start = threading.Barrier(times)

    def run(n: int) -> None:
        start.wait()
        try:
            results.append(call(actor, n))
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    unexpected = [one for one in results if isinstance(one, Exception) and not isinstance(one, ServiceError)]
    assert not unexpected
    return results
