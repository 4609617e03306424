"""
Which sums may be told to the public. A sum over fewer people than AMOUNTS_HIDDEN_BELOW would tell what one of them
gave, and so would the difference of two sums that differ by so few. Pure, but for the setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Crowd:
    """How many people stand behind a sum; `most` differs from `least` where that is known only between bounds."""

    least: int
    most: int

    @classmethod
    def of(cls, people: int) -> "Crowd":
        return cls(people, people)


def threshold() -> int:
    """0 hides nothing; so does 1, since every sum has somebody behind it."""
    return settings.AMOUNTS_HIDDEN_BELOW if settings.AMOUNTS_HIDDEN_BELOW > 1 else 0


def is_telling(people: Crowd) -> bool:
    """So few stand behind the sum that it must not be shown. Nobody at all gives nothing away."""
    return people.most > 0 and people.least < threshold()


def showable(parts: Mapping[str, Mapping[str, Crowd]], whole: Mapping[str, int]) -> set[str]:
    """
    Of the parts of a whole that is shown, those whose sums may be shown beside it. Each part has a crowd for every
    kind of sum that the whole is shown in, for example everybody, those who paid and those who promised. What is left
    out of the parts can be computed from the rest, so it must have a crowd of its own: where it has not, the part with
    the fewest people is left out too.
    """
    shown = {name for name, kinds in parts.items() if not any(map(is_telling, kinds.values()))}
    while shown and any(is_telling(_left_out(parts, shown, kind, people)) for kind, people in whole.items()):
        shown.remove(min(shown, key=lambda name: (max(crowd.most for crowd in parts[name].values()), name)))
    return shown


def _left_out(parts: Mapping[str, Mapping[str, Crowd]], shown: set[str], kind: str, people: int) -> Crowd:
    """One person may stand in several parts, so the crowd of what is left out is known between bounds alone."""
    hidden = [parts[name][kind] for name in parts if name not in shown]
    seen = sum(parts[name][kind].most for name in shown)
    at_least = max([0, *(crowd.least for crowd in hidden)])
    return Crowd(max(at_least, people - seen) if hidden else 0, sum(crowd.most for crowd in hidden))
