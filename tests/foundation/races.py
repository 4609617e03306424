"""Several people at the same moment, each in a thread and on a database connection of their own."""

import threading
from collections.abc import Callable

from django.db import connections


def at_once(*actions: Callable) -> list[Exception | None]:
    """Starts every action together. Returns what each raised, or None."""
    barrier, outcomes = threading.Barrier(len(actions)), [None] * len(actions)

    def run(place, action):
        try:
            barrier.wait()
            action()
        except Exception as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
