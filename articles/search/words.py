"""
Words as search knows them, and what a reader asks for. Pure.

Documents and questions go through the same folding, so both databases find the same things: without accents (their
own ways of dropping them differ, and PostgreSQL needs an extension for it), without case, and without punctuation,
of which every character would mean something to one of the query languages.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

LONGEST_QUESTION = 300
MOST_TERMS = 10

# Letters that Unicode does not take apart into a base and a mark.
UNACCENTED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
# Marks of a lower class belong to the letter: virama, nukta, the voicing marks of Japanese.
FIRST_ACCENT_CLASS = 10
QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
TERM = re.compile(r'(?P<minus>-*)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Question:
    """Folded terms, each a word or the words of a phrase. A text must have all wanted and no unwanted ones."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...] = ()


class _Folded(dict):
    """For `str.translate`: what each character becomes, found when it is met first."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    return text.translate(_FOLDED)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters where in `text` it comes from."""
    if text.isascii():
        return fold(text), list(range(len(text)))
    pieces = [_FOLDED[ord(character)] for character in text]
    return "".join(pieces), [position for position, piece in enumerate(pieces) for _ in piece]


def place_of(text: str, position: int) -> int:
    """Where in `text` that place of its folded text comes from. Each ASCII character becomes one character."""
    ahead = 0  # of how many characters the folded text is longer so far
    for run in NOT_ASCII.finditer(text):
        if run.start() + ahead > position:
            break
        grown = len(fold(run[0])) - len(run[0])
        if run.end() + ahead + grown > position:
            return run.start() + fold_with_offsets(run[0])[1][position - run.start() - ahead]
        ahead += grown
    return position - ahead


def parse(typed: str) -> Question:
    """Any string is a question: unclosed quotation marks end at the end, what holds no word is left out."""
    wanted: dict[str, None] = {}
    unwanted: dict[str, None] = {}
    for match in TERM.finditer(typed[:LONGEST_QUESTION].translate(QUOTATION_MARKS)):
        term = " ".join(fold(match["phrase"] or match["word"] or "").split())
        if term and len(wanted) + len(unwanted) < MOST_TERMS:
            (unwanted if match["minus"] else wanted)[term] = None
    return Question(tuple(wanted), tuple(unwanted))


@cache
def _fold_character(character: str) -> str:
    """One character: letters and digits in their plainest form, nothing for accents, a space for all else."""
    if unicodedata.category(character) == "Cf":
        return ""
    apart = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in apart if unicodedata.combining(part) < FIRST_ACCENT_CLASS)
    folded = unicodedata.normalize("NFKC", kept.casefold().translate(UNACCENTED))
    return "".join(part if _belongs_to_a_word(part) else " " for part in folded)


def _belongs_to_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
