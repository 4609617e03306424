"""What advertising looks like, read once from the data beside this module. Nothing here judges."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from comments import folding
from comments.screening import patterns

_DATA = tomllib.loads((Path(__file__).parent / "weights.toml").read_text())


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """`name` fits after "words of"."""

    name: str
    phrases: patterns.PatternSet
    first: float
    further: float
    most: float

    def met(self, words: list[str]) -> list[str]:
        """The phrases found in words without accents, as folded, each once."""
        return list(dict.fromkeys(self.phrases.met(words).values()))

    def points(self, met: list[str]) -> float:
        return min(self.first + self.further * (len(met) - 1), self.most) if met else 0.0


def _phrases(text: str) -> patterns.PatternSet:
    phrases = folding.without_accents(" ".join(text.split())).split(", ")
    return patterns.PatternSet(patterns.parse(phrase) for phrase in phrases)


def _vocabulary(data: dict) -> Vocabulary:
    return Vocabulary(**{**data, "phrases": _phrases(data["phrases"])})


WAITS_AT: float = _DATA["waits_at"]
SPAM_AT: float = _DATA["spam_at"]
POINTS: dict[str, float] = _DATA["points"]
TRADES = tuple(_vocabulary(data) for data in _DATA["trades"])
COMMON, URGING = _vocabulary(_DATA["common"]), _vocabulary(_DATA["urging"])
PRAISE, MILD_PRAISE = _vocabulary(_DATA["praise"]), _vocabulary(_DATA["mild_praise"])
MESSENGERS = _phrases(_DATA["messengers"]["phrases"])
ALL_WORDS = (*TRADES, COMMON, URGING, PRAISE, MILD_PRAISE)
_OF_PHRASE: dict[patterns.Pattern, list[Vocabulary]] = {}
for _vocabulary_of_all in ALL_WORDS:
    for _phrase in _vocabulary_of_all.phrases.patterns:
        _OF_PHRASE.setdefault(_phrase, []).append(_vocabulary_of_all)
_EVERY_PHRASE = patterns.PatternSet(_OF_PHRASE)
CHEAP_ENDINGS = frozenset(_DATA["hosts"]["cheap_endings"].split())
SHORTENERS = frozenset(_DATA["hosts"]["shorteners"].split())
CITED = tuple(_DATA["hosts"]["cited"].split())
EVERYDAY = frozenset(_DATA["everyday"]["words"].split())
SCRIPTS = {language: frozenset(scripts) for language, scripts in _DATA["scripts"].items()}


def met(words: list[str]) -> dict[Vocabulary, list[str]]:
    """What of each vocabulary is found in words without accents, in one pass over them."""
    told: dict[Vocabulary, list[str]] = {}
    for phrase, words_met in _EVERY_PHRASE.met(words).items():
        for vocabulary in _OF_PHRASE[phrase]:
            mine = told.setdefault(vocabulary, [])
            if words_met not in mine:
                mine.append(words_met)
    return told
