"""Texts made of templates: {one|another} is chosen, and [name] drawn from a list. Seeded, so always the same."""

import random
import re
from dataclasses import dataclass

CHOICE = re.compile(r"\{([^{}]*)\}")
SLOT = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True)
class Sample:
    kind: str
    name: str
    source: str
    email: str


class Spinner:
    def __init__(self, seed: int, slots: dict[str, list[str]]):
        self.random = random.Random(seed)
        self.slots = slots

    def spin(self, template: str) -> str:
        text = template
        while choice := CHOICE.search(text):
            text = text[: choice.start()] + self.random.choice(choice[1].split("|")) + text[choice.end() :]
        return SLOT.sub(self._draw, text)

    def _new(self, template: str, known: set[str]) -> str:
        """A long text that was not made before, if the template has one left: two people do not write the same."""
        for _attempt in range(50):
            text = self.spin(template)
            if len(text) < 70 or text not in known:
                break
        known.add(text)
        return text

    def _draw(self, slot: re.Match) -> str:
        kind = slot[1]
        if kind == "n":
            return str(self.random.randint(2, 9))
        if kind == "nn":
            return str(self.random.randint(11, 99))
        if kind == "nnn":
            return str(self.random.randint(101, 999))
        if kind == "phone":
            return (
                f"+{self.random.randint(1, 97)} {self.random.randint(200, 999)} {self.random.randint(1000000, 9999999)}"
            )
        if kind in self.slots:
            return self.spin(self.random.choice(self.slots[kind]))
        return slot[0]

    def samples(self, kind: str, templates: list[str], count: int, names: str) -> list[Sample]:
        """Each template in turn, so that all are met."""
        made, known = [], set()
        for number in range(count):
            text = self._new(templates[number % len(templates)], known)
            name = self.spin(names)
            made.append(Sample(kind, name, text, f"{kind}{number}@mail{number % 40}.example"))
        return made
