"""What advertising looks like, read once from the data beside this module. Nothing here judges."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from comments.screening import patterns

_DATA = tomllib.loads((Path(__file__).parent / "weights.toml").read_text())


@dataclass(frozen=True)
class Vocabulary:
    """`name` fits after "words of"."""

    name: str
    phrases: tuple[patterns.Pattern, ...]
    first: float
    further: float
    most: float

    def met(self, words: list[str]) -> list[str]:
        """The phrases found, as folded, each once."""
        known = frozenset(words)
        return list(dict.fromkeys(met for phrase in self.phrases if (met := phrase.found_in(words, known))))

    def points(self, met: list[str]) -> float:
        return min(self.first + self.further * (len(met) - 1), self.most) if met else 0.0


def _phrases(text: str) -> tuple[patterns.Pattern, ...]:
    return tuple(patterns.parse(phrase) for phrase in " ".join(text.split()).split(", "))


def _vocabulary(data: dict) -> Vocabulary:
    return Vocabulary(**{**data, "phrases": _phrases(data["phrases"])})


WAITS_AT: float = _DATA["waits_at"]
SPAM_AT: float = _DATA["spam_at"]
POINTS: dict[str, float] = _DATA["points"]
TRADES = tuple(_vocabulary(data) for data in _DATA["trades"])
COMMON, URGING = _vocabulary(_DATA["common"]), _vocabulary(_DATA["urging"])
PRAISE, MILD_PRAISE = _vocabulary(_DATA["praise"]), _vocabulary(_DATA["mild_praise"])
MESSENGERS = _phrases(_DATA["messengers"]["phrases"])
CHEAP_ENDINGS = frozenset(_DATA["hosts"]["cheap_endings"].split())
SHORTENERS = frozenset(_DATA["hosts"]["shorteners"].split())
SCRIPTS = {language: frozenset(scripts) for language, scripts in _DATA["scripts"].items()}
