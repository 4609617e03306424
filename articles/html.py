"""
What HTML an editor's text may hold. One list of extensions makes both the editor's toolbar and the allow-list, so
what can be written can be kept and nothing else. Any HTML goes in; what comes out is safe to store.

This is the only module that knows the sanitiser.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import nh3
from django_prose_editor.config import allowlist_from_extensions
from lxml import etree
from lxml import html as lxml_html

from articles import depth, foreign_html
from articles.foreign_html import is_our_image
from articles.nesting import BLOCKS

LINK_PROTOCOLS = ["http", "https", "mailto", "tel"]
LINK = {"enableTarget": False, "protocols": LINK_PROTOCOLS}

NOTE_EXTENSIONS = {"Bold": True, "Italic": True, "HardBreak": True, "Link": LINK, "NoSpellCheck": False}

PROSE_EXTENSIONS = {
    **NOTE_EXTENSIONS,
    "Heading": {"levels": [2, 3, 4]},
    "Blockquote": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "HorizontalRule": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Image": True,
    "Caption": True,
    "Figure": True,
    "Embed": True,
    "Pointer": True,
    "HTML": False,
}

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
MOST_LOOKS = 4
PARTED = "\x00"  # stands in no stored text: control characters are stripped
ADDENDUM_KEY = re.compile(r"^[0-9a-f]{32}\Z")
EMPTY_START = re.compile(r"(?:\s|&nbsp;|<p>(?:\s|&nbsp;|<br>)*+</p>)*+")
EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*+</p>")


def clean_body(dirty: str) -> str:
    """The text of an article, addendum or page, as it may be stored. Cleaning twice changes nothing."""
    return _clean(dirty, _body_allow_list())


def clean_note(dirty: str) -> str:
    """A lead note: paragraphs with emphasis and links, no blocks."""
    return _clean(dirty, _note_allow_list())


def clean_rendered(markup: str) -> str:
    """The last pass over what `articles.rendering` made: allows ids, directions and placeholders as well."""
    return nh3.clean(markup, attribute_filter=_keep_our_attributes, **_rendered_allow_list())


def clean_comment(markup: str) -> str:
    """What a reader may write: paragraphs, quotes, emphasis, and links that vouch for nothing."""
    return nh3.clean(
        strip_control_characters(markup),
        tags={"p", "blockquote", "strong", "em", "br", "a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener",
        clean_content_tags={"script", "style", "noscript", "template", "title"},
    )


def plain_text(markup: str) -> str:
    """The words alone, blocks parted by newlines."""
    blocks = "".join(_text_pieces(parse(markup))).split(PARTED)
    lines = (" ".join(block.split()) for block in blocks)
    return "\n".join(line for line in lines if line)


def parse(markup: str) -> etree._Element:
    """
    What the sanitiser wrote, as a tree under one nameless `div`. Its output is well-formed, so the tags are taken as
    they stand; a parser with opinions of its own would move them and open a gap between the two readings.
    """
    builder = _TreeBuilder()
    builder.feed(markup)
    builder.close()
    return builder.root


class _TreeBuilder(HTMLParser):
    VOID = {"br", "hr", "img"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self._open = lxml_html.Element("div")
        self._before: etree._Element | None = None  # what stands before the next words; asking lxml means counting

    def handle_starttag(self, tag, attrs):
        element = etree.SubElement(self._open, tag, {name: value or "" for name, value in attrs})
        self._before = element
        if tag not in self.VOID:
            self._open, self._before = element, None

    def handle_endtag(self, tag):
        if tag not in self.VOID and self._open.getparent() is not None:
            self._open, self._before = self._open.getparent(), self._open

    def handle_data(self, data):
        if self._before is not None:
            self._before.tail = (self._before.tail or "") + data
        else:
            self._open.text = (self._open.text or "") + data


def serialise(root: etree._Element) -> str:
    """The inside of what `parse` returned, as HTML."""
    parts = [_escape_text(root.text or "")]
    parts += [lxml_html.tostring(child, encoding="unicode") for child in root]
    return "".join(parts)


def strip_control_characters(text: str) -> str:
    return CONTROL_CHARACTERS.sub("", text)


def is_right_to_left(text: str) -> bool:
    """The direction of most letters that have one."""
    directions = [unicodedata.bidirectional(character) for character in text[:2000]]
    right = sum(direction in ("R", "AL") for direction in directions)
    return right > directions.count("L")


def _clean(dirty: str, allow_list: dict) -> str:
    """Taking a wrapper away can bring forth what a second look would change: looks again until nothing moves."""
    clean = _clean_once(dirty, allow_list)
    for _ in range(MOST_LOOKS):
        again = _clean_once(clean, allow_list)
        if again == clean:
            break
        clean = again
    return clean


def _clean_once(dirty: str, allow_list: dict) -> str:
    readable = depth.shallow(foreign_html.without_telegram_scripts(strip_control_characters(dirty)))
    # Control characters once more behind the parser: a character reference may name them too.
    understood = strip_control_characters(nh3.clean(readable, **_foreign_allow_list()))
    root = parse(understood) if understood.strip() else parse("<p></p>")
    depth.flatten(root)
    foreign_html.translate(root)
    for pointer in root.iterdescendants("a"):
        if pointer.get("data-pointer"):
            pointer.set("href", "#")
    safe = nh3.clean(serialise(root), attribute_filter=_keep_our_attributes, **allow_list)
    return _drop_empty_edges(safe)


@cache
def _body_allow_list() -> dict:
    return _tightened(allowlist_from_extensions(PROSE_EXTENSIONS))


@cache
def _note_allow_list() -> dict:
    return _tightened(allowlist_from_extensions(NOTE_EXTENSIONS))


@cache
def _rendered_allow_list() -> dict:
    rules = _body_allow_list()
    attributes = {tag: set(names) for tag, names in rules["attributes"].items()}
    for tag in ("h2", "h3", "h4"):
        attributes.setdefault(tag, set()).add("id")
    for tag in ("p", "h2", "h3", "h4", "blockquote", "li", "ul", "ol", "td", "th", "figcaption"):
        attributes.setdefault(tag, set()).add("dir")
    attributes["img"] = {"data-image", "alt"}
    return {**rules, "attributes": attributes}


@cache
def _foreign_allow_list() -> dict:
    rules = _body_allow_list()
    attributes = {tag: set(names) for tag, names in rules["attributes"].items()}
    for tag, names in foreign_html.ATTRIBUTES.items():
        attributes.setdefault(tag, set()).update(names)
    return {**rules, "tags": rules["tags"] | foreign_html.TAGS, "attributes": attributes}


def _tightened(rules: dict) -> dict:
    """The editor's own rules without what pages do not want: any class, link targets, sizes on images."""
    attributes = {tag: set(names) for tag, names in rules["attributes"].items()}
    attributes.pop("figure", None)
    if "img" in rules["tags"]:
        attributes["img"] = {"src", "alt"}
    attributes["a"] = attributes["a"] - {"rel", "target"}
    if "ol" in attributes:
        attributes["ol"] = {"start"}
    return {
        "tags": set(rules["tags"]),
        "attributes": attributes,
        "url_schemes": set(LINK_PROTOCOLS),
        "link_rel": None,
        "clean_content_tags": {"script", "style", "noscript", "template", "title"},
    }


def _keep_our_attributes(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src"):
        return value if is_our_image(value) else None
    if name == "data-pointer":
        return value if ADDENDUM_KEY.match(value) else None
    if (tag, name) == ("ol", "start"):
        return value if value.isdecimal() and len(value) < 6 else None
    return value


def _drop_empty_edges(markup: str) -> str:
    """Walks in from both ends. A pattern for the end would be tried at every place of the text."""
    start, end = EMPTY_START.match(markup).end(), len(markup)
    while end > start:
        if markup[end - 1].isspace():
            end -= 1
        elif markup.endswith("&nbsp;", start, end):
            end -= len("&nbsp;")
        elif (opening := _empty_paragraph_before(markup, start, end)) is not None:
            end = opening
        else:
            break
    return markup[start:end]


def _empty_paragraph_before(markup: str, start: int, end: int) -> int | None:
    if not markup.endswith("</p>", start, end):
        return None
    opening = markup.rfind("<p>", start, end)
    return opening if opening >= 0 and EMPTY_PARAGRAPH.fullmatch(markup, opening, end) else None


def _text_pieces(root: etree._Element) -> Iterator[str]:
    """The words in reading order, with `PARTED` around what has lines of its own."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element is not root and (element.tag in BLOCKS or element.tag in ("br", "tr", "figcaption")):
            yield PARTED
        if event == "start":
            yield element.text or ""
        elif element is not root:
            yield " " if element.tag in ("td", "th") else ""
            yield element.tail or ""


def _escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
