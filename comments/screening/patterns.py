"""
Word rules as moderators write them: whole words in any case, where * stands for any letters of a word and, alone, for
up to three words; with a dot and no space it is a host. No regular expression is made of them: the cost is bounded by
the length of the text, whatever somebody writes into a rule.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comments import folding
from comments.screening.addresses import host_matches

WORDS_FOR_A_STAR = 3
MOST_LONE_STARS = 3
STEM = 3  # letters by which patterns that begin with a word and a * are sorted
_HOST = re.compile(r"(?:\*\.)?[\w-]+(?:\.[\w-]+)*\.[\w-]{2,}|\*\.[\w-]{2,}")


class Unusable(ValueError):
    """A pattern that says nothing, or meets everything. The words are for who wrote it."""


@dataclass(frozen=True)
class Pattern:
    text: str
    host: str = ""
    words: tuple[str, ...] = ()

    def found_at(self, words: list[str], start: int) -> str:
        """The words that were met there, as folded, or nothing. The first word is known to be met."""
        end = _end_of_match(self.words, words, start + 1)
        return "" if end is None else " ".join(words[start:end])

    def met_host(self, hosts: set[str]) -> str:
        return next((host for host in sorted(hosts) if self.host and host_matches(self.host, host)), "")


class PatternSet:
    """Many patterns, looked for at once: at each word only those that begin like it are tried."""

    def __init__(self, found: Iterable[Pattern]):
        self.patterns = list(found)
        self._by_word: dict[str, list[Pattern]] = {}
        self._by_beginning: dict[str, list[Pattern]] = {}
        self._anywhere: list[Pattern] = []
        for pattern in self.patterns:
            if pattern.words:
                self._place(pattern)

    def met(self, words: list[str]) -> dict[Pattern, str]:
        """What each pattern met first."""
        found: dict[Pattern, str] = {}
        for start, word in enumerate(words):
            for pattern in self._beginning_like(word):
                if pattern not in found and (told := pattern.found_at(words, start)):
                    found[pattern] = told
        return found

    def _place(self, pattern: Pattern) -> None:
        first = pattern.words[0]
        stem = first.partition("*")[0]
        if "*" not in first:
            self._by_word.setdefault(first, []).append(pattern)
        elif len(stem) >= STEM:
            self._by_beginning.setdefault(stem[:STEM], []).append(pattern)
        else:
            self._anywhere.append(pattern)

    def _beginning_like(self, word: str) -> Sequence[Pattern]:
        found = self._by_word.get(word, ())
        starred = self._by_beginning.get(word[:STEM], ())
        if not (starred or self._anywhere):
            return found
        return [*found, *(pattern for pattern in (*starred, *self._anywhere) if _meets(pattern.words[0], word))]


def parse(text: str) -> Pattern:
    """Raises Unusable."""
    text = text.strip()
    bare = text.lower().removeprefix("https://").removeprefix("http://").rstrip("/").removeprefix("www.")
    bare = f"*{bare}" if bare.startswith(".") else bare
    if "." in bare and _HOST.fullmatch(bare):
        return Pattern(text, host=bare)
    words = folding.words(text, stars=True)
    while words and not words[0].strip("*"):
        words.pop(0)
    while words and not words[-1].strip("*"):
        words.pop()
    if not words:
        raise Unusable("Write at least one word, or a host such as shop.example.")
    if "*" in words[0] + words[-1] and len("".join(words).replace("*", "")) < 3:
        raise Unusable("Beside a * write at least three letters, or it meets nearly everything.")
    if words.count("*") > MOST_LONE_STARS:
        raise Unusable(f"At most {MOST_LONE_STARS} * may stand alone.")
    return Pattern(text, words=tuple(re.sub(r"\*+", "*", word) for word in words))


def _end_of_match(pattern: tuple[str, ...], words: list[str], position: int) -> int | None:
    """Where the pattern behind its first word ends, trying all the places a lone * allows, each only once."""
    places = {position}
    for part in pattern[1:]:
        if part == "*":
            places = {place + more for place in places for more in range(WORDS_FOR_A_STAR + 1)}
        else:
            places = {place + 1 for place in places if place < len(words) and _meets(part, words[place])}
        if not places:
            return None
    return min(places) if min(places) <= len(words) else None


def _meets(part: str, word: str) -> bool:
    """Whether the word is made like the part. Each piece between stars is looked for once, from left to right."""
    if "*" not in part:
        return part == word
    first, *middle, last = part.split("*")
    if len(word) < len(first) + len(last) or not (word.startswith(first) and word.endswith(last)):
        return False
    position, end = len(first), len(word) - len(last)
    for piece in middle:
        found = word.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True
