"""
Signs that make a text look other than it is, or spill over its neighbours: refused, with words that say which and
where. Pure. What people need to write their languages stays: joiners in emoji and in Arabic and Indic words, marks of
direction, and as many vowel signs as an alphabet has.
"""

import re
import unicodedata
from collections.abc import Iterator

from comments.findings import Refused

MOST_MARKS = 4  # on one letter, after NFC
MOST_MARKS_ON_LATIN = 2
OVERRIDES = "\u202d\u202e"
EMBEDDINGS, END_OF_EMBEDDING = "\u202a\u202b", "\u202c"
ISOLATES, END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"
DIRECTION_MARKS = "\u200e\u200f\u061c"
ZWNJ, ZWJ = "\u200c", "\u200d"
# Invisible, or as wide as a space without being one.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff]"
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
# England's flag and its like: a black flag, letters that are tags, and the end.
TAGGED_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,7}\U000e007f")
TAG = re.compile("[\U000e0020-\U000e007f]")
JOINING = ("ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC", "MANICHAEAN", "PSALTER", "ADLAM", "HANIFI", "SOGDIAN")
INDIC = (
    "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA",
    "TIBETAN", "MYANMAR", "KHMER", "BALINESE", "JAVANESE", "SUNDANESE", "GRANTHA", "NEWA", "TIRHUTA", "MODI",
)  # fmt: skip
WITH_FEW_MARKS = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")


def refuse_tricks(text: str, *, field: str = "source") -> None:
    """`text` in NFC. Raises Refused."""
    called = "name" if field == "name" else "text"
    for trouble, place in _troubles(text):
        raise Refused(f"The {called} holds {trouble}{_where(text, place)}. Please write it without.", field=field)


def _troubles(text: str) -> Iterator[tuple[str, int]]:
    if found := CONTROL.search(text):
        yield "a control character", found.start()
    if text.isascii():
        return
    if found := INVISIBLE.search(text):
        yield "an invisible character", found.start()
    if found := TAG.search(TAGGED_FLAG.sub(lambda flag: " " * len(flag[0]), text)):
        yield "an invisible character", found.start()
    yield from _joiners(text)
    yield from _directions(text)
    yield from _marks(text)


def _joiners(text: str) -> Iterator[tuple[str, int]]:
    for place, character in enumerate(text):
        if character in (ZWNJ, ZWJ):
            before = text[place - 1] if place else ""
            after = text[place + 1 : place + 2]
            if not _joins(character, before, after):
                yield "an invisible character", place
                return


def _joins(joiner: str, before: str, after: str) -> bool:
    if not before:
        return False
    if _script(before) in JOINING or _script(before) in INDIC:
        return True
    return joiner == ZWJ and _is_pictorial(before) and _is_pictorial(after)


def _is_pictorial(character: str) -> bool:
    """Emoji, their skin tones, and the sign that asks for the coloured form."""
    if not character:
        return False
    return unicodedata.category(character) in ("So", "Sk") or character in "\ufe0f\u2640\u2642\u20e3"


def _directions(text: str) -> Iterator[tuple[str, int]]:
    """Within a line each must be closed in order, or it would turn what stands beside the comment."""
    start = 0
    for line in text.split("\n"):
        if (place := _unclosed(line)) is not None:
            yield "a sign that turns the direction of writing", start + place
            return
        start += len(line) + 1


def _unclosed(line: str) -> int | None:
    opened: list[tuple[str, int]] = []
    in_a_row = 0
    for place, character in enumerate(line):
        in_a_row = in_a_row + 1 if character in DIRECTION_MARKS else 0
        if character in OVERRIDES or in_a_row > 2:
            return place
        if character in EMBEDDINGS:
            opened.append((END_OF_EMBEDDING, place))
        elif character in ISOLATES:
            opened.append((END_OF_ISOLATE, place))
        elif character in (END_OF_EMBEDDING, END_OF_ISOLATE) and (not opened or opened.pop()[0] != character):
            return place
        if len(opened) > 8:
            return place
    return opened[0][1] if opened else None


def _marks(text: str) -> Iterator[tuple[str, int]]:
    """Marks that stack. Vowel signs that stand beside their letter have no combining class and are not counted."""
    base, number = "", 0
    for place, character in enumerate(text):
        if unicodedata.combining(character) or unicodedata.category(character) == "Me":
            number += 1
            if number > (MOST_MARKS_ON_LATIN if base in WITH_FEW_MARKS else MOST_MARKS):
                yield "too many accents on one letter", place
                return
        elif unicodedata.category(character) != "Mn":
            base, number = _script(character), 0


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _where(text: str, place: int) -> str:
    """The last word before it, in which a writer finds the place again."""
    before = [word for word in text[:place].split() if word.isprintable()]
    return f" after “{before[-1][-30:]}”" if before else " at its beginning"
