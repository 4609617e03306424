"""Several people at the same moment, each in a thread and on a database connection of their own."""

import threading
import time
from collections.abc import Callable

from django.db import connection, connections


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


def wait_until_somebody_waits_for_a_lock():
    """On PostgreSQL."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits.")
