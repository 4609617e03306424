"""Cuts the few words around what was found. The result is HTML in which every tag but `mark` is text. Pure."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.search.words import fold_with_offsets, place_of

# Folding turns both into spaces, so no text can hold them.
OPEN, CLOSE = "\x01", "\x02"
MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")

LENGTH = 240
BEFORE_FIRST_MARK = 80


def excerpt(plain: str, marked: str, *, starts: int = 0) -> SafeString:
    """
    `marked` is the folded text, or the part of it from `starts` on, with OPEN and CLOSE around what the database found
    in it. What was found is shown as it was written, with its accents and case.
    """
    spans = _found(plain, marked, starts)
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


def _found(plain: str, marked: str, starts: int) -> list[tuple[int, int]]:
    """
    Where in the text, as far as an excerpt goes from the first of them; nothing when the database gave back another
    text than it was asked about. A part may begin and end within words, which are none.
    """
    first = marked.find(OPEN, 1 if starts else 0)
    if first < 0:
        return []
    marked = marked[first : first + 2 * LENGTH]
    bare = marked.replace(OPEN, "").replace(CLOSE, "")
    begins = place_of(plain, starts + first)
    folded, offsets = fold_with_offsets(plain[begins : begins + LENGTH])
    shared = min(len(bare), len(folded))
    if bare[:shared] != folded[:shared]:
        return []
    spans = []
    for number, match in enumerate(MARKED.finditer(marked)):
        start = match.start() - 2 * number
        end = start + len(match[1])
        is_cut = end > shared or (end == len(bare) and folded[end : end + 1].isalnum())
        if end > start and not is_cut:
            spans.append((begins + offsets[start], begins + offsets[end - 1] + 1))
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
