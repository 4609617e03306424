"""
What HTML an editor's text may hold. One list of extensions makes both the editor's toolbar and the allow-list, so
what can be written can be kept and nothing else. Any HTML goes in; what comes out is safe to store.

This is the only module that knows the sanitiser.
"""

import re
import unicodedata
from functools import cache

import nh3
from django_prose_editor.config import allowlist_from_extensions
from lxml import etree
from lxml import html as lxml_html

from articles.embeds.markup import address_in_embed_html
from articles.embeds.providers import recognise

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
    "Figure": {"pickerUrl": "/admin/articles/image/picker/"},
    "Embed": True,
    "Pointer": True,
    "HTML": False,
}

# Understood in what is pasted, then turned into the tags above.
FOREIGN_TAGS = {
    "b",
    "i",
    "del",
    "strike",
    "span",
    "div",
    "center",
    "font",
    "h1",
    "h5",
    "h6",
    "iframe",
    "dl",
    "dt",
    "dd",
}
FOREIGN_TAGS |= {"section", "article", "address", "main", "header", "footer", "aside"}
FOREIGN_ATTRIBUTES = {
    "b": {"style"},
    "i": {"style"},
    "span": {"style"},
    "div": {"class", "data-embed"},
    "iframe": {"src"},
    "blockquote": {"class", "cite", "data-instgrm-permalink", "data-video-id"},
}
RENAMED = {
    "b": "strong",
    "i": "em",
    "del": "s",
    "strike": "s",
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "dt": "p",
    "dd": "p",
}
BLOCKS = {"p", "h2", "h3", "h4", "blockquote", "ul", "ol", "li", "pre", "hr", "figure", "table", "div"}
WRAPPERS = {"div", "center", "section", "article", "address", "main", "header", "footer", "aside", "dl"}

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
OUR_IMAGE = re.compile(r"^/media/images/[0-9a-f]{2}/[0-9a-f]{16}/\d+\.(jpg|png|webp|avif)\Z")
ADDENDUM_KEY = re.compile(r"^[0-9a-f]{32}\Z")


def clean_body(dirty: str) -> str:
    """The text of an article, addendum or page, as it may be stored. Cleaning twice changes nothing."""
    return _clean(dirty, _body_allow_list())


def clean_note(dirty: str) -> str:
    """A lead note: paragraphs with emphasis and links, no blocks."""
    return _clean(dirty, _note_allow_list())


def clean_rendered(markup: str) -> str:
    """The last pass over what `articles.rendering` made: allows ids, directions and placeholders as well."""
    return nh3.clean(markup, attribute_filter=_keep_our_attributes, **_rendered_allow_list())


def plain_text(markup: str) -> str:
    """The words alone, blocks parted by newlines."""
    lines = []
    for block in _text_blocks(parse(markup)):
        line = " ".join(block.split())
        if line:
            lines.append(line)
    return "\n".join(lines)


def parse(markup: str) -> etree._Element:
    """Cleaned HTML as a tree under one nameless `div`."""
    return lxml_html.fragment_fromstring(markup, create_parent="div")


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
    dirty = strip_control_characters(dirty)
    understood = nh3.clean(dirty, **_foreign_allow_list())
    root = parse(understood) if understood.strip() else parse("<p></p>")
    _translate(root)
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
    for tag, names in FOREIGN_ATTRIBUTES.items():
        attributes.setdefault(tag, set()).update(names)
    return {**rules, "tags": rules["tags"] | FOREIGN_TAGS, "attributes": attributes}


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
        return value if OUR_IMAGE.match(value) else None
    if name == "data-pointer":
        return value if ADDENDUM_KEY.match(value) else None
    if (tag, name) == ("ol", "start"):
        return value if value.isdecimal() and len(value) < 6 else None
    return value


def _translate(root: etree._Element) -> None:
    """What word processors, old posts and platforms write, in our tags."""
    for element in list(root.iterdescendants(etree.Element)):
        if element.tag in ("b", "i", "span"):
            _translate_styled(element)
        element.tag = RENAMED.get(element.tag, element.tag)
    _take_up_embeds(root)
    for wrapper in list(root.iterdescendants(*WRAPPERS)):
        _unwrap(wrapper)
    _wrap_stray_text(root)
    _take_up_bare_addresses(root)
    _drop_pictures_of_others(root)
    for pointer in root.iterdescendants("a"):
        if pointer.get("data-pointer"):
            pointer.set("href", "#")


def _translate_styled(element: etree._Element) -> None:
    """Google Docs says bold and italic by style, and wraps all it copies in a `b` that is not bold."""
    style = (element.get("style") or "").replace(" ", "").lower()
    element.attrib.pop("style", None)
    is_bold = element.tag == "b" and "font-weight:normal" not in style
    is_bold |= bool(re.search(r"font-weight:(bold|[6-9]00)", style))
    is_italic = element.tag == "i" or "font-style:italic" in style
    element.tag = "strong" if is_bold else "em" if is_italic else "span"
    if is_bold and is_italic:
        inner = etree.Element("em")
        inner.text, element.text = element.text, None
        inner.extend(list(element))
        element.append(inner)


def _take_up_embeds(root: etree._Element) -> None:
    for element in list(root.iterdescendants("blockquote", "iframe", "div")):
        if element.getparent() is None:
            continue
        if element.tag == "div" and element.get("data-embed"):
            address = element.get("data-embed")
            if recognise(address) is None:
                address = None
        else:
            address = address_in_embed_html(_outer_html(element))
        if address:
            _replace(element, _embed_node(address))
        elif element.tag == "iframe":
            _replace(element, _link_paragraph(element.get("src") or ""))


def _take_up_bare_addresses(root: etree._Element) -> None:
    """The address of a post on a line of its own becomes that post."""
    for paragraph in list(root.iterdescendants("p")):
        if paragraph.getparent() is not root:
            continue
        words = "".join(paragraph.itertext()).strip()
        if words and not any(character.isspace() for character in words) and recognise(words):
            _replace(paragraph, _embed_node(words))


def _embed_node(address: str) -> etree._Element:
    node = etree.Element("div", {"data-embed": address})
    link = etree.SubElement(node, "a", href=address)
    link.text = address
    return node


def _link_paragraph(address: str) -> etree._Element:
    node = etree.Element("p")
    if address.startswith(("http://", "https://")):
        link = etree.SubElement(node, "a", href=address)
        link.text = address
    return node


def _unwrap(wrapper: etree._Element) -> None:
    """A wrapper of blocks goes; one of words becomes a paragraph."""
    if wrapper.get("data-embed"):
        return
    if any(child.tag in BLOCKS or child.tag in WRAPPERS for child in wrapper):
        _wrap_stray_text(wrapper)
        wrapper.drop_tag()
    else:
        wrapper.tag = "p"
        wrapper.attrib.clear()


def _wrap_stray_text(parent: etree._Element) -> None:
    """Words and inline tags that stand between blocks get a paragraph."""
    paragraph = None
    if parent.text and parent.text.strip():
        paragraph = etree.Element("p")
        paragraph.text, parent.text = parent.text, None
        parent.insert(0, paragraph)
    for child in [child for child in parent if child is not paragraph]:
        if child.tag in BLOCKS or child.tag in WRAPPERS:
            paragraph = None
            tail, child.tail = child.tail, None
            if tail and tail.strip():
                paragraph = etree.Element("p")
                paragraph.text = tail
                child.addnext(paragraph)
            continue
        if paragraph is None:
            paragraph = etree.Element("p")
            child.addprevious(paragraph)
        paragraph.append(child)


def _drop_pictures_of_others(root: etree._Element) -> None:
    """A picture from another server would be a third party in the page; one without our address is left out."""
    for picture in list(root.iterdescendants("img")):
        if not OUR_IMAGE.match(picture.get("src") or ""):
            parent = picture.getparent()
            picture.drop_tree()
            if parent.tag == "figure" and not parent.findall(".//img"):
                parent.drop_tag()
    for caption in list(root.iterdescendants("figcaption")):
        if caption.getparent().tag != "figure":
            caption.tag = "p"


def _drop_empty_edges(markup: str) -> str:
    empty = r"(?:\s|&nbsp;|<p>(?:\s|&nbsp;|<br>)*</p>)*"
    return re.sub(rf"\A{empty}|{empty}\Z", "", markup)


def _replace(element: etree._Element, replacement: etree._Element) -> None:
    """Puts a block in the place of an element; one inside a paragraph moves behind it."""
    replacement.tail, element.tail = element.tail, None
    parent = element.getparent()
    if parent.tag in ("p", "h2", "h3", "h4"):
        tail, replacement.tail = replacement.tail, None
        element.drop_tree()
        parent.addnext(replacement)
        if tail and tail.strip():
            rest = etree.Element("p")
            rest.text = tail
            replacement.addnext(rest)
    else:
        parent.replace(element, replacement)


def _outer_html(element: etree._Element) -> str:
    return lxml_html.tostring(element, encoding="unicode", with_tail=False)


def _text_blocks(element: etree._Element) -> list[str]:
    blocks = [element.text or ""]
    for child in element:
        if child.tag in BLOCKS or child.tag in ("br", "tr", "figcaption"):
            blocks += [*_text_blocks(child), child.tail or ""]
        else:
            first, *rest = _text_blocks(child)
            blocks[-1] += first
            blocks += rest
            blocks[-1] += (" " if child.tag in ("td", "th") else "") + (child.tail or "")
    return blocks


def _escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
