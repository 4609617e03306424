"""Cuts the few words around what was found. The result is HTML in which every tag but `mark` is text. Pure."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.search.words import fold_with_offsets

# Folding turns both into spaces, so no text can hold them.
OPEN, CLOSE = "\x01", "\x02"
MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")

LENGTH = 240
BEFORE_FIRST_MARK = 80


def excerpt(plain: str, marked: str) -> SafeString:
    """
    `marked` is the folded text with OPEN and CLOSE around what the database found in it. What was found is shown
    as it was written, with its accents and case.
    """
    folded, offsets = fold_with_offsets(plain)
    found = _found(marked, folded)
    spans = [(offsets[start], offsets[end - 1] + 1) for start, end in found if end > start]
    start = _word_start(plain, max(0, spans[0][0] - BEFORE_FIRST_MARK)) if spans else 0
    end = _word_end(plain, start + LENGTH)
    parts, position = ["… " if start else ""], start
    for opens, closes in spans:
        if closes > end:
            break
        parts += [escape(plain[position:opens]), "<mark>", escape(plain[opens:closes]), "</mark>"]
        position = closes
    parts += [escape(plain[position:end]), " …" if end < len(plain) else ""]
    return mark_safe(" ".join("".join(parts).split()))


def _found(marked: str, folded: str) -> list[tuple[int, int]]:
    """Where in the folded text; nothing when the database gave back another text than it was asked about."""
    if marked.replace(OPEN, "").replace(CLOSE, "") != folded:
        return []
    spans = []
    for number, match in enumerate(MARKED.finditer(marked)):
        start = match.start() - 2 * number
        spans.append((start, start + len(match[1])))
    return spans


def _word_start(text: str, position: int) -> int:
    """The beginning of the next word, so that an excerpt does not open in the middle of one."""
    if position == 0:
        return 0
    space = re.search(r"\s", text[position : position + 30])
    return position + space.end() if space else position


def _word_end(text: str, position: int) -> int:
    if position >= len(text):
        return len(text)
    space = text.rfind(" ", position - 30, position)
    return space if space > 0 else position
