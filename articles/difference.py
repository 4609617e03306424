"""Two texts compared paragraph by paragraph, and changed paragraphs word by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles import html

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
SIMILAR_ENOUGH = 0.4


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


def compare_html(old: str, new: str) -> list[Paragraph]:
    """Compares the words of two bodies; embeds count by their address."""
    return _compare(html.plain_text(old).split("\n"), html.plain_text(new).split("\n"))


def compare_text(old: str, new: str) -> list[Paragraph]:
    return _compare(old.splitlines() or [""], new.splitlines() or [""])


def _compare(old: list[str], new: list[str]) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    for action, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            paragraphs += [_whole("same", text) for text in old[i1:i2]]
        else:
            paragraphs += _replaced(old[i1:i2], new[j1:j2])
    return [paragraph for paragraph in paragraphs if any(run.text for run in paragraph.runs)]


def _replaced(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    """Pairs each removed paragraph with the added one in its place, if they have enough in common."""
    for position in range(max(len(old), len(new))):
        before = old[position] if position < len(old) else None
        after = new[position] if position < len(new) else None
        if before is not None and after is not None and _similar(before, after):
            yield Paragraph("changed", _word_runs(before, after))
            continue
        if before is not None:
            yield _whole("removed", before)
        if after is not None:
            yield _whole("added", after)


def _whole(kind: str, text: str) -> Paragraph:
    return Paragraph(kind, [Run(kind, text)])


def _similar(before: str, after: str) -> bool:
    matcher = SequenceMatcher(None, WORDS.findall(before), WORDS.findall(after), autojunk=False)
    return matcher.quick_ratio() >= SIMILAR_ENOUGH


def _word_runs(before: str, after: str) -> list[Run]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    runs = []
    for action, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            runs.append(Run("same", "".join(old[i1:i2])))
            continue
        if i1 < i2:
            runs.append(Run("removed", "".join(old[i1:i2])))
        if j1 < j2:
            runs.append(Run("added", "".join(new[j1:j2])))
    return runs
