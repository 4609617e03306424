"""
What a comment may look like: paragraphs, quotes, bold, italic and links, written in a few signs of Markdown. Its HTML
is made here once, when it is written; `rerender_comments` makes all of it anew. What may not be written at all is
`comments.tricks`.
"""

import hashlib
import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt

from articles.html import clean_comment, plain_text
from comments import folding
from comments.findings import Refused
from comments.tricks import refuse_tricks

__all__ = ["Rendered", "checked", "fingerprint", "normalise", "refuse_tricks", "render"]

RULES = ["newline", "escape", "emphasis", "link", "linkify", "blockquote"]
# Quotes within quotes: deeper ones become the last of these. The parser would leave out what it finds too deep.
TOO_DEEP = re.compile(r"^((?:[ \t]{0,3}>){5})(?:[ \t]*>)+", re.MULTILINE)
HTTP = re.compile(r"https?://[^\s/]", re.IGNORECASE)
# Signs that say nothing and are pasted unseen: a mark at the head of a file, and where a word may be parted.
UNSEEN = str.maketrans("", "", "\ufeff\u00ad")


class Rendered(NamedTuple):
    body_html: str
    link_count: int


def normalise(source: str) -> str:
    """The same words in the one form they are stored, counted and compared in."""
    lines = (
        source.translate(UNSEEN).replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    )
    return unicodedata.normalize("NFC", lines).strip()


def checked(source: str, *, longest: int) -> str:
    """Normalised, if it may be written. Raises Refused with words for the writer."""
    source = normalise(source)
    if len(source) > longest:
        raise Refused(
            f"The comment is too long: {len(source):,} characters, where {longest:,} are possible.", field="source"
        )
    refuse_tricks(source)
    if not any(unicodedata.category(character)[0] in "LNS" for character in plain_text(render(source).body_html)):
        raise Refused("Write something first.", field="source")
    return source


def render(source: str) -> Rendered:
    """Safe HTML for any text at all, and how many links it holds."""
    return _render(normalise(source))


@lru_cache(maxsize=16)
def _render(source: str) -> Rendered:
    """Remembered, for screening and the verbs ask for the same text one after the other."""
    tokens = _markdown().parse(TOO_DEEP.sub(r"\1", source))
    links = sum(part.type == "link_open" for token in tokens for part in token.children or ())
    return Rendered(clean_comment(_markdown().renderer.render(tokens, _markdown().options, {})), links)


def fingerprint(source: str) -> str:
    """Of the words alone: the same text with other signs, links or capitals has the same. Empty if there are none."""
    words = " ".join(folding.own_words(source))
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True, "maxNesting": 20})
    markdown.enable(RULES)
    # Only addresses that begin with http: a name with a dot in it is a name, and a mail address nobody's business.
    markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    markdown.linkify.add("ftp:", None).add("mailto:", None).add("//", None)
    markdown.validateLink = lambda address: bool(HTTP.match(address))
    return markdown
