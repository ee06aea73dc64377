"""Several people at the same moment: threads that start together, each with its own connection."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act in a thread of its own, all let go together; return what each returned or raised, in their order."""
    gate, came_of = threading.Barrier(len(acts)), [None] * len(acts)

    def body(place: int, act: Callable[[], object]) -> None:
        try:
            gate.wait()
            came_of[place] = act()
        except BaseException as error:  # noqa: BLE001  handed on
            came_of[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=body, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came_of
