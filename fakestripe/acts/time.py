"""Moving the clock, and playing everything that falls due on the way, in the order of time."""

from typing import Any

from fakestripe import clock
from fakestripe.acts import debits, disputes, renewals  # noqa: F401 - they register what falls due


def move_to(engine, epoch: int) -> dict[str, Any]:
    """Afterwards it is that second. Backwards nothing is played and nothing undone."""
    _play(engine, epoch)
    engine.set_offset(epoch - clock.real_now())
    return state(engine)


def advance(engine, seconds: int) -> dict[str, Any]:
    return move_to(engine, engine.now() + seconds)


def set_offset(engine, seconds: int) -> dict[str, Any]:
    _play(engine, clock.real_now() + seconds)
    engine.set_offset(seconds)
    return state(engine)


def catch_up(engine) -> None:
    """Plays what the passing of time has made due since the last look."""
    _play(engine, engine.now())


def state(engine) -> dict[str, Any]:
    return {"now": engine.now(), "offset": engine.offset}


def _play(engine, until: int) -> None:
    try:
        while (at := engine.agenda.next_at()) is not None and at <= until:
            engine.clock.moment = at
            engine.agenda.play_next(engine)
    finally:
        engine.clock.moment = None
