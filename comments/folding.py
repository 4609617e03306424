"""
Text as a reader sees it, whatever it is written with: the words of a comment in one case, without invisible characters,
and with letters of other alphabets that only look Latin put right. For comparing alone; what people wrote is kept.
"""

import functools
import unicodedata
from collections import Counter

# Letters that look like Latin ones. Capitals stand apart, since Η looks like H and η like n.
LOOKALIKES = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХҮԚԜаеѕіјорсухԁԛԝһӏвкмнтгпьѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεηικνορτυχωγՕՍօսհցզո",
        "ABESIJKMHOPCTYXYQWaesijopcyxdqwhlbkmhtrnbvABEZHIKMNOPTYXabenikvoptuxwyOUouhgqn",
        strict=True,
    )
)
# Latin letters of phonetic alphabets that nobody writes words with, and the Turkish ı, which a pattern holds as well.
_ODD_LATIN = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡıƖ", "abcdefghijklmnoprstuvwyzagil")
_MIXED_WITH = {"CYRILLIC", "GREEK", "ARMENIAN"}
LETTERS_OF_ONES_OWN = 12
LETTERS_OF_A_SHORT_TEXT = 60  # strangers say short things in the same words
# Written without spaces between words: each sign counts as a word, so that a phrase is found within a run of them.
_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


@functools.lru_cache(maxsize=4096)
def script(character: str) -> str:
    """LATIN, CYRILLIC, CJK …: the first word of a letter's name; empty for what is no letter."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


def scripts(text: str) -> Counter[str]:
    """How many letters of each script."""
    return Counter(name for character in text if (name := script(character)))


def words(text: str, *, stars: bool = False) -> list[str]:
    """
    The words in order, folded. Signs such as $ are words of their own, punctuation and hyphens only part words. With
    `stars` a * is a letter, as in a pattern.
    """
    text = visible(text)
    found = _split(text, stars=stars)
    told = scripts(text)
    mostly_latin = told["LATIN"] * 2 > sum(told.values())
    return [_put_right(word, among_latin=mostly_latin).casefold() for word in found]


def own_words(source: str) -> list[str]:
    """
    The words that make a text the same as another: without quoted lines, signs, web addresses and what looks like a
    number of somebody's own, unless little else was written. Around a short text the hosts count as well.
    """
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(">")]
    chunks = [chunk for line in lines for chunk in line.split()]
    linked = [chunk for chunk in chunks if "://" in chunk or "www." in chunk.lower()]
    own = [word for word in words(" ".join(chunk for chunk in chunks if chunk not in linked)) if _says_something(word)]
    letters = sum(map(len, own))
    if letters < LETTERS_OF_ONES_OWN:
        return [word for word in words(source) if any(character.isalnum() for character in word)]
    if letters < LETTERS_OF_A_SHORT_TEXT:
        own += words(" ".join(chunk.rpartition("://")[2].partition("/")[0] for chunk in linked))
    return own


def _says_something(word: str) -> bool:
    return word.isdecimal() or word.replace("'", "").isalpha()


def visible(text: str) -> str:
    """Compatibility forms resolved, and without invisible characters or marks that make no known letter."""
    kept: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFKC", text).translate(_ODD_LATIN):
        kind = unicodedata.category(character)
        if kind == "Cf" or (kind == "Mn" and base in ("LATIN", "GREEK", "CYRILLIC")):
            continue
        if kind != "Mn":
            base = script(character)
        kept.append(character)
    return "".join(kept)


def is_disguised(word: str) -> bool:
    """Whether Latin letters and their doubles from another alphabet share a word, as only a disguise does."""
    if word.isascii():
        return False
    told = scripts(word)
    others = [character for character in word if script(character) in _MIXED_WITH]
    return bool(told["LATIN"] and others) and all(character in LOOKALIKES for character in others)


def dressed_letters(text: str) -> int:
    """How many letters are those of formulas or of phonetic script, which nobody writes words with."""
    return sum(
        (ord(character) in _ODD_LATIN and character != "ı")
        or unicodedata.name(character, "").startswith("MATHEMATICAL")
        for character in text
    )


def without_accents(text: str) -> str:
    """Of Latin letters alone: Cyrillic й is no и."""
    return "".join(_bare(character) for character in text)


@functools.lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    if script(character) != "LATIN":
        return character
    return "".join(part for part in unicodedata.normalize("NFD", character) if unicodedata.category(part) != "Mn")


def raw_words(text: str) -> list[str]:
    """The words as typed, invisible characters gone: for asking how they are written."""
    return _split(visible(text), stars=False)


def _put_right(word: str, *, among_latin: bool) -> str:
    if word.isascii():
        return word
    told = scripts(word)
    foreign = sum(told[name] for name in _MIXED_WITH)
    if not foreign:
        return word
    wears_a_mask = foreign == sum(told.values()) and among_latin and all(c in LOOKALIKES for c in word if c.isalpha())
    if not (told["LATIN"] or wears_a_mask):
        return word
    return "".join(LOOKALIKES.get(character, character) for character in word)


def _split(text: str, *, stars: bool) -> list[str]:
    found: list[str] = []
    current: list[str] = []

    def end():
        if word := "".join(current).strip("'"):
            found.append(word)
        current.clear()

    for character in text:
        kind = _kind(character)
        if kind == "letter" or (stars and character == "*"):
            current.append(character)
        elif kind == "apostrophe" and current:
            current.append("'")
        else:
            end()
            if kind == "alone":
                found.append(character)
    end()
    return found


@functools.lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LNM":
        return "alone" if unicodedata.name(character, "").startswith(_WITHOUT_SPACES) else "letter"
    if character in "'’":
        return "apostrophe"
    return "alone" if category[0] == "S" and character != "`" else "gap"
