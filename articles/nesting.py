"""Which tag may stand in which: put right in a tree, so that what is stored has one reading and stays as it is."""

from lxml import etree
from lxml import html as lxml_html

HEADINGS = ("h2", "h3", "h4")
BLOCKS = {"p", *HEADINGS, "blockquote", "ul", "ol", "li", "pre", "hr", "figure", "table", "div"}
WRAPPERS = {"div", "center", "section", "article", "address", "main", "header", "footer", "aside", "dl"}
PARTS = {"figcaption", "thead", "tbody", "tr", "th", "td"}
INLINE = ("strong", "em", "s", "sub", "sup", "code", "a")
HOLDS_NO_BLOCKS = {*HEADINGS, "p", "pre"}


def new(tag: str, **attributes: str) -> etree._Element:
    """An element with the same methods as parsed ones; those of plain lxml lack `drop_tree`."""
    return lxml_html.Element(tag, **attributes)


def drop_tag(element: etree._Element) -> None:
    """As lxml's own, which counts all that stands before the element: too slow for a parent of thousands."""
    parent, last = element.getparent(), element.getprevious()
    _append_words(parent, last, element.text)
    for child in list(element):
        element.addprevious(child)
        last = child
    tail, element.tail = element.tail, None
    _append_words(parent, last, tail)
    parent.remove(element)


def _append_words(parent: etree._Element, last: etree._Element | None, words: str | None) -> None:
    if words and last is None:
        parent.text = (parent.text or "") + words
    elif words:
        last.tail = (last.tail or "") + words


def straighten(root: etree._Element) -> None:
    """No block stands in a heading, a paragraph or an inline tag: of the last the block stays, else the outer one."""
    free_captions(root)
    for element in list(root.iterdescendants()):
        blocks = [inner for inner in element.iterdescendants() if inner.tag in BLOCKS | WRAPPERS | PARTS]
        if element.tag in HOLDS_NO_BLOCKS:
            for block in blocks:
                drop_tag(block)
        elif blocks and element.tag in (*INLINE, "span", "font"):
            drop_tag(element)


def free_captions(root: etree._Element) -> None:
    """A caption without its picture is a paragraph."""
    for caption in root.iterdescendants("figcaption"):
        if caption.getparent().tag != "figure":
            caption.tag = "p"


def mend_lists(root: etree._Element) -> None:
    """A list holds items and nothing else; an item without a list is a paragraph."""
    for element in list(root.iterdescendants("ul", "ol")):
        wrap_stray_text(element)
        for child in [child for child in element if child.tag != "li"]:
            item = new("li")
            child.addprevious(item)
            item.append(child)
    for item in list(root.iterdescendants("li")):
        if item.getparent().tag not in ("ul", "ol"):
            unwrap(item)


def unwrap(wrapper: etree._Element) -> None:
    """A wrapper of blocks goes; one of words becomes a paragraph."""
    if wrapper.get("data-embed"):
        return
    if wrapper.getparent().tag in (*HOLDS_NO_BLOCKS, *INLINE):
        drop_tag(wrapper)
    elif any(child.tag in BLOCKS | WRAPPERS for child in wrapper):
        wrap_stray_text(wrapper)
        drop_tag(wrapper)
    else:
        wrapper.tag = "p"
        wrapper.attrib.clear()


def wrap_stray_text(parent: etree._Element) -> None:
    """Words and inline tags that stand between blocks get a paragraph."""
    paragraph = None
    if parent.text and parent.text.strip():
        paragraph = new("p")
        paragraph.text, parent.text = parent.text, None
        parent.insert(0, paragraph)
    for child in [child for child in parent if child is not paragraph]:
        if child.tag in BLOCKS or child.tag in WRAPPERS:
            paragraph = None
            tail, child.tail = child.tail, None
            if tail and tail.strip():
                paragraph = new("p")
                paragraph.text = tail
                child.addnext(paragraph)
            continue
        if paragraph is None:
            paragraph = new("p")
            child.addprevious(paragraph)
        paragraph.append(child)


def replace(element: etree._Element, replacement: etree._Element) -> None:
    """Puts a block in the place of an element; one inside a paragraph moves behind it."""
    replacement.tail, element.tail = element.tail, None
    parent = element.getparent()
    if parent.tag in ("p", *HEADINGS):
        tail, replacement.tail = replacement.tail, None
        element.drop_tree()
        parent.addnext(replacement)
        if tail and tail.strip():
            rest = new("p")
            rest.text = tail
            replacement.addnext(rest)
    else:
        parent.replace(element, replacement)
