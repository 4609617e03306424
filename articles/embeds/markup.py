"""
Provider HTML, read and thrown away: what is kept are words, links and addresses, never markup. Pure, and built on a
parser that accepts anything.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs

from articles.embeds.providers import recognise

WRAPPER_CLASSES = frozenset(
    {"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "bluesky-embed", "mastodon-embed"}
    | {"fb-post", "fb-video"}
)
_ADDRESS_ATTRIBUTES = ("cite", "data-href", "data-instgrm-permalink", "data-embed-url", "src")
_TELEGRAM_POST = re.compile(r"[A-Za-z0-9_]{4,32}/[0-9]{1,10}\Z")
_FACEBOOK_FRAME = re.compile(r"(?:https?:)?//www\.facebook\.com/plugins/(?:post|video)\.php\?(.+)\Z")
_BLUESKY_POST = re.compile(r"at://([^/]+)/app\.bsky\.feed\.post/([a-z0-9]+)\Z")


def address_in_embed_html(html_fragment: str) -> str | None:
    """
    The address of the post that a platform's own "embed this" HTML stands for. None for ordinary HTML: a quotation
    that merely holds a link to a post stays a quotation.
    """
    reader = _EmbedReader()
    _feed(reader, html_fragment)
    if not reader.is_embed:
        return None
    # The permalink is a named attribute where there is one, else the last link.
    return next(filter(recognise, [*reader.named, *reversed(reader.links)]), None)


def _feed(reader: HTMLParser, html_fragment: str) -> None:
    """Marked sections mean nothing in HTML, and the parsers of some Python releases fail on them."""
    reader.feed(html_fragment.replace("<![", "&lt;!["))
    reader.close()


class _EmbedReader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.is_embed = False
        self.named: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = {name: value for name, value in attrs if value}
        if tag == "a":
            self.links.append(given.get("href", ""))
            return
        if tag in ("iframe", "script") or WRAPPER_CLASSES.intersection(given.get("class", "").split()):
            self.is_embed = True
            self.named += [_with_scheme(given[name]) for name in _ADDRESS_ATTRIBUTES if name in given]
            self.named += _written_otherwise(given)


def _with_scheme(address: str) -> str:
    return "https:" + address if address.startswith("//") else address


def _written_otherwise(attributes: dict[str, str]) -> list[str]:
    found = []
    if _TELEGRAM_POST.match(attributes.get("data-telegram-post", "")):
        found.append(f"https://t.me/{attributes['data-telegram-post']}")
    if frame := _FACEBOOK_FRAME.match(attributes.get("src", "")):
        found += parse_qs(frame[1]).get("href", [])
    if post := _BLUESKY_POST.match(attributes.get("data-bluesky-uri", "")):
        found.append(f"https://bsky.app/profile/{post[1]}/post/{post[2]}")
    return found


@dataclass
class Quotation:
    """What a provider's HTML says: the post's own words, its links in order, and what stands after the words."""

    text: str = ""
    language: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)  # (shown words, address)
    after: str = ""
    after_links: list[tuple[str, str]] = field(default_factory=list)


def read_quotation(html_fragment: str) -> Quotation:
    """The paragraphs are the post's words; the signature behind them (name, handle, date) is kept apart."""
    reader = _QuotationReader()
    _feed(reader, html_fragment)
    return reader.result()


class _QuotationReader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self._words: list[str] = []
        self._after: list[str] = []
        self._found = Quotation()
        self._paragraphs = 0
        self._in_paragraph = False
        self._link: tuple[str, int] | None = None  # address, and where its words begin
        self._is_silent = False

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._is_silent = True
        elif tag == "p":
            self._in_paragraph = True
            self._paragraphs += 1
            self._words.append("\n\n" if self._paragraphs > 1 else "")
            self._found.language = self._found.language or given.get("lang", "")
        elif tag == "br":
            self._place.append("\n")
        elif tag == "a":
            self._link = (given.get("href", ""), len(self._place))

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self._is_silent = False
        elif tag == "p":
            self._in_paragraph = False
        elif tag == "a" and self._link is not None:
            address, start = self._link
            self._link = None
            kept = self._found.links if self._in_paragraph else self._found.after_links
            kept.append(("".join(self._place[start:]).strip(), address))

    def handle_data(self, data):
        if not self._is_silent:
            # White space in HTML is one blank; only br and p break lines.
            self._place.append(re.sub(r"\s+", " ", data))

    @property
    def _place(self) -> list[str]:
        return self._words if self._in_paragraph else self._after

    def result(self) -> Quotation:
        lines = [" ".join(line.split()) for line in "".join(self._words).split("\n")]
        self._found.text = "\n".join(lines).strip()
        self._found.after = " ".join("".join(self._after).split())
        return self._found
