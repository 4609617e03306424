"""
The pen of a takedown: finds a phrase however it is typed, and writes a notice over it in plain text, markup,
addresses and JSON. Touches no database.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from django.utils.text import slugify
from lxml import etree

from articles import html
from articles.embeds.providers import recognise
from articles.search.words import fold

SHORTEST = 3  # characters
# Each row is one sign to a reader: apostrophes, quotation marks, hyphens and dashes.
LOOKALIKES = ("'’‘‛ʼ′`´", '"“”„‟«»″', "-‐‑‒–—−")
# Soft hyphens, joiners and direction marks stand between letters and show nothing.
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
# What names somebody in one word: an address, a path on this site, a mailbox, a handle, a hashtag.
ADDRESS = re.compile(r"(?:https?://|www\.|(?<!\S)/)[^\s<>\"“”«»]+|[\w.+-]+@[\w.-]+|[@#＃][\w.-]+", re.IGNORECASE)
# Names that stand for no author in the address of a post: `x.com/i/status/1`, `tiktok.com/@i/video/1`.
NOBODY = ("i", "@i")


class Phrase:
    """Some words, found whatever the case, white space, kind of quotation mark and hidden signs between the letters."""

    def __init__(self, words: str):
        self.words = " ".join(re.sub(f"[{INVISIBLE}]", "", unicodedata.normalize("NFC", words)).split())
        hidden = f"[{INVISIBLE}]*"
        in_text = [hidden.join(map(_alike, word)) for word in self.words.split()]
        self._in_text = re.compile(rf"[\s{INVISIBLE}]+".join(in_text), re.IGNORECASE)
        in_address = fold(self.words).split()
        is_long_enough = len("".join(in_address)) >= SHORTEST
        self._in_address = re.compile(" *".join(map(re.escape, in_address))) if is_long_enough else None
        self._slug = slugify(self.words)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the phrase stands, and every address or handle that is made of it, in order and apart."""
        found = [match.span() for match in self._in_text.finditer(text)]
        found += [match.span() for match in ADDRESS.finditer(text) if self.is_in_address(match[0])]
        apart: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if apart and start < apart[-1][1]:
                apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
            else:
                apart.append((start, end))
        return apart

    def is_in(self, text: str) -> bool:
        return bool(self.spans(text))

    def is_in_address(self, address: str) -> bool:
        """`/john-doe-resigns/`, `x.com/JohnDoe` and `josé%20nuñez` hold the words as well as the words themselves."""
        address = unquote(address)
        if len(self._slug) >= SHORTEST and self._slug in address.lower():
            return True
        return bool(self._in_address and self._in_address.search(fold(address)))

    def is_in_reply(self, reply: str) -> bool:
        """A platform's answer: JSON with HTML in it, so the words may be escaped twice and run over tags."""
        texts = list(_strings(_decoded(reply)))
        return any(self.is_in(text) or self.is_in(html.plain_text(html.clean_body(text))) for text in texts)


@dataclass
class Pen:
    """Writes `notice` over a phrase and counts how often. Tags within the phrase are ignored."""

    phrase: Phrase
    notice: str
    strokes: int = 0

    def plain(self, text: str) -> str:
        for start, end in reversed(self.phrase.spans(text)):
            text = text[:start] + self.notice + text[end:]
            self.strokes += 1
        return text

    def address(self, address: str) -> str:
        """No notice can stand in an address, so one that holds the words is emptied."""
        if not self.phrase.is_in_address(address):
            return address
        self.strokes += 1
        return ""

    def post_address(self, address: str) -> str:
        """
        Another address of the same post, for most platforms go by the number and take any name before it. Where the
        name is part of what the post is known by, the address stays: it says which row stands here.
        """
        post = recognise(address)
        if post is None or not self.phrase.is_in_address(address):
            return address
        parts = address.split("/")
        for place, part in enumerate(parts):
            for nobody in NOBODY if self.phrase.is_in_address(part) else ():
                other = "/".join([*parts[:place], nobody, *parts[place + 1 :]])
                same = recognise(other)
                if same and same.key == post.key and not self.phrase.is_in_address(other):
                    self.strokes += 1
                    return other
        return address

    def markup(self, source: str) -> str:
        """Markup that was sanitised."""
        if not source:
            return source
        before = self.strokes
        root = html.parse(source)
        self._text_of(root)
        for element in root.iterdescendants():
            self._attributes_of(element)
        return html.serialise(root) if self.strokes > before else source

    def typed_markup(self, source: str) -> str:
        """Markup that nobody sanitised yet. It stays as it was typed, unless the words are in it."""
        before = self.strokes
        written = self.markup(html.clean_body(source))
        return written if self.strokes > before else source

    def json_text(self, text: str) -> str:
        """JSON as text stays JSON; what is none is plain text."""
        before = self.strokes
        value = _decoded(text)
        written = self.plain(text) if isinstance(value, str) else json.dumps(in_json(value, self.plain))
        return written if self.strokes > before else text

    def _text_of(self, root: etree._Element) -> None:
        """The phrase may run over tags: the notice goes where it begins, the rest is cut from what follows."""
        slots = list(_text_slots(root))
        spans = self.phrase.spans("".join(text for _, _, text in slots))
        for first, last in reversed(spans):
            position, notice = 0, self.notice
            for number, (element, slot, text) in enumerate(slots):
                start, end = max(first - position, 0), min(last - position, len(text))
                position += len(text)
                if start < end and slot:
                    text = text[:start] + notice + text[end:]
                    notice = ""
                    setattr(element, slot, text)
                    slots[number] = (element, slot, text)
        self.strokes += len(spans)

    def _attributes_of(self, element: etree._Element) -> None:
        for name in ("alt", "title"):
            if value := element.get(name):
                element.set(name, self.plain(value))
        if address := element.get("data-embed"):
            element.set("data-embed", self.post_address(address))
        if "href" in element.attrib and not self.address(element.get("href")):
            del element.attrib["href"]


def in_json(value, stroke: Callable[[str], str]):
    """The same value with `stroke` over every string in it. Names of fields are left alone."""
    if isinstance(value, str):
        return stroke(value)
    if isinstance(value, list):
        return [in_json(item, stroke) for item in value]
    if isinstance(value, dict):
        return {key: in_json(item, stroke) for key, item in value.items()}
    return value


def _alike(character: str) -> str:
    """A pattern for all that a reader takes for this character, with its accent as part of it or apart."""
    for signs in LOOKALIKES:
        if character in signs:
            return f"[{re.escape(signs)}]"
    apart = unicodedata.normalize("NFD", character)
    return re.escape(character) if apart == character else f"(?:{re.escape(character)}|{re.escape(apart)})"


def _decoded(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _text_slots(root: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """Where text stands, in reading order. A nameless slot is the space that a break or block means."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag == "br" or element.tag in html.BLOCKS:
            yield element, "", "\n"
        if event == "start" and element.text:
            yield element, "text", element.text
        if event == "end" and element is not root and element.tail:
            yield element, "tail", element.tail
