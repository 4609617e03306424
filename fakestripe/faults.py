"""How the stand-in misbehaves when it is told to. Set through `/_fake/faults`; everything is off at first."""

import dataclasses
import random
from dataclasses import dataclass, field
from typing import Any

from fakestripe.errors import Refused


@dataclass
class Faults:
    # Deliveries of events
    drop: float = 0.0  # share of events that are never delivered
    duplicate: float = 0.0  # share of events that are delivered twice
    shuffle: bool = False  # what is ready to go goes in any order
    delay: float = 0.0  # real seconds between an act and the delivery of its events
    spread: float = 0.0  # up to so many seconds more, another number for each
    # Answers to the API
    status: int = 0  # answered instead of doing anything: 500, 429 …
    hang_seconds: float = 0.0  # real seconds until the answer, after the act was done
    refuse: bool = False  # the connection is closed without an answer and without an act
    lose_answers: bool = False  # the act is done, the connection closed without an answer
    next_requests: int = 0  # how many requests the four above hold for; 0 for all that follow
    # Money
    next_renewal: str = ""  # why the next charge without the shopper is refused; used up by one charge
    late_settlement: int = 0  # seconds by the stand-in's clock until a charge has its balance transaction
    seed: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def update(self, changes: dict[str, Any]) -> None:
        names = {one.name: type(getattr(self, one.name)) for one in dataclasses.fields(self) if one.name != "chance"}
        for name, value in changes.items():
            if name not in names:
                raise Refused(f"There is no fault {name}.", param=name)
            try:
                setattr(self, name, names[name](value))
            except (TypeError, ValueError):
                raise Refused(f"The fault {name} is a {names[name].__name__}.", param=name) from None
        if "seed" in changes:
            self.chance.seed(self.seed)

    def shown(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in dataclasses.fields(self) if one.name != "chance"}

    def happens(self, share: float) -> bool:
        return share > 0 and self.chance.random() < share

    def of_next_request(self) -> "Disturbance":
        found = Disturbance(self.status, self.hang_seconds, self.refuse, self.lose_answers)
        if found.is_any and self.next_requests:
            self.next_requests -= 1
            if not self.next_requests:
                self.status, self.hang_seconds, self.refuse, self.lose_answers = 0, 0.0, False, False
        return found

    def take_next_renewal(self) -> str:
        reason, self.next_renewal = self.next_renewal, ""
        return reason


@dataclass(frozen=True)
class Disturbance:
    """What is done to one request."""

    status: int
    hang_seconds: float
    refuse: bool
    lose_answer: bool

    @property
    def is_any(self) -> bool:
        return bool(self.status or self.hang_seconds or self.refuse or self.lose_answer)
