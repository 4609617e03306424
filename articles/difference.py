"""
Two texts compared paragraph by paragraph, changed paragraphs sentence by sentence, and changed sentences word by word.
Pure. Anybody may ask for a comparison, so its cost has a limit: beyond it, a text counts as taken out and put in whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile, zip_longest

from articles import html

# “2.4”, “21,400”, “11:02” and “isn’t” are one word each: half of a figure taken out would leave another figure.
WORDS = re.compile(r"\s+|\w+(?:(?:[’']|(?<=\d)[.,:](?=\d))\w+)*+|[^\w\s]")
SENTENCES = re.compile(r"(?:[^.!?…]|\.(?=\d))*+[.!?…]++\s*+|(?:[^.!?…]|\.(?=\d))++")
SIMILAR_ENOUGH = 0.4
# Pairs of equal words that are looked at for one text; a million is a third of a second.
MOST_PAIRS = 600_000


@dataclass(frozen=True)
class Run:
    """Some words with one fate: `same`, `removed` or `added`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with one fate, or `changed` with runs of each."""

    kind: str
    runs: list[Run]


@dataclass(frozen=True)
class Span:
    """Units that are the same in both texts, or those that stand in each other's place."""

    is_same: bool
    old: list[str]
    new: list[str]


class Allowance:
    """What is left of the work that one comparison may cost."""

    def __init__(self, pairs: int = MOST_PAIRS):
        self._left = pairs

    def covers(self, old: list[str], new: list[str]) -> bool:
        """Takes the cost of matching the two, if there is enough."""
        often = Counter(new)
        cost = len(old) + len(new) + sum(often[unit] for unit in old)
        if cost > self._left:
            return False
        self._left -= cost
        return True


def compare_html(old: str, new: str, allowance: Allowance | None = None) -> list[Paragraph]:
    """Compares the words of two bodies; embeds count by their address. Several comparisons may share an allowance."""
    return _compare(html.plain_text(old).split("\n"), html.plain_text(new).split("\n"), allowance or Allowance())


def compare_text(old: str, new: str) -> list[Paragraph]:
    return _compare(old.splitlines() or [""], new.splitlines() or [""], Allowance())


def _compare(old: list[str], new: list[str], allowance: Allowance) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    for span in _aligned(old, new, allowance):
        if span.is_same:
            paragraphs += [_whole("same", text) for text in span.old]
        else:
            paragraphs += _replaced(span.old, span.new, allowance)
    return [paragraph for paragraph in paragraphs if any(run.text for run in paragraph.runs)]


def _replaced(old: list[str], new: list[str], allowance: Allowance) -> Iterator[Paragraph]:
    """Pairs each removed paragraph with the added one in its place, if they have enough in common."""
    for before, after in zip_longest(old, new):
        if before is not None and after is not None and _similar(before, after):
            yield Paragraph("changed", _runs(before, after, allowance))
            continue
        if before is not None:
            yield _whole("removed", before)
        if after is not None:
            yield _whole("added", after)


def _whole(kind: str, text: str) -> Paragraph:
    return Paragraph(kind, [Run(kind, text)])


def _similar(before: str, after: str) -> bool:
    old, new = Counter(WORDS.findall(before)), Counter(WORDS.findall(after))
    return 2 * (old & new).total() >= SIMILAR_ENOUGH * (old.total() + new.total())


def _runs(before: str, after: str, allowance: Allowance) -> list[Run]:
    runs: list[Run] = []
    for span in _aligned(SENTENCES.findall(before), SENTENCES.findall(after), allowance):
        runs += [Run("same", "".join(span.old))] if span.is_same else _sentence_runs(span, allowance)
    return _joined(runs)


def _sentence_runs(span: Span, allowance: Allowance) -> Iterator[Run]:
    """All of them at once, so that words may move over the end of a sentence; one by one where that is too much."""
    old, new = WORDS.findall("".join(span.old)), WORDS.findall("".join(span.new))
    if len(old) * len(new) <= MOST_PAIRS // 10:
        yield from _word_runs(old, new, allowance)
        return
    for before, after in zip_longest(span.old, span.new, fillvalue=""):
        yield from _word_runs(WORDS.findall(before), WORDS.findall(after), allowance)


def _word_runs(old: list[str], new: list[str], allowance: Allowance) -> Iterator[Run]:
    for span in _aligned(old, new, allowance):
        if span.is_same:
            yield Run("same", "".join(span.old))
        else:
            yield Run("removed", "".join(span.old))
            yield Run("added", "".join(span.new))


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Without empty runs, and neighbours with one fate as one."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].kind == run.kind:
            joined[-1] = Run(run.kind, joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    return joined


def _aligned(old: list[str], new: list[str], allowance: Allowance) -> Iterator[Span]:
    """The units of both texts in order. What begins and ends both is found at no cost."""
    head = _common(old, new)
    tail = _common(reversed(old[head:]), reversed(new[head:]))
    old_end, new_end = len(old) - tail, len(new) - tail
    if head:
        yield Span(True, old[:head], new[:head])
    yield from _matched(old[head:old_end], new[head:new_end], allowance)
    if tail:
        yield Span(True, old[old_end:], new[new_end:])


def _matched(old: list[str], new: list[str], allowance: Allowance) -> Iterator[Span]:
    if old and new and allowance.covers(old, new):
        for action, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield Span(action == "equal", old[i1:i2], new[j1:j2])
    elif old or new:
        yield Span(False, old, new)


def _common(old: Iterable[str], new: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
