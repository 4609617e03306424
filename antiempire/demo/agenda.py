"""What is to happen when: acts in the order of their moments, each of which may put further ones down."""

import datetime as dt
import heapq
import itertools
from collections.abc import Callable


class Agenda:
    """`end` is the moment from which on nothing happens any more; what is put down for later is dropped."""

    def __init__(self, end: dt.datetime):
        self.end = end
        self._acts: list = []
        self._order = itertools.count()

    def at(self, moment: dt.datetime, act: Callable, *arguments) -> None:
        if moment < self.end:
            heapq.heappush(self._acts, (moment, next(self._order), act, arguments))

    def play(self, move_clock: Callable[[dt.datetime], None]) -> None:
        while self._acts:
            moment, _, act, arguments = heapq.heappop(self._acts)
            move_clock(moment)
            act(*arguments)
