"""
What word processors, old posts and platforms write, understood and put into our own tags. Nothing here makes HTML
safe: `articles.html` does, before and after. Every step leaves our own HTML as it is.
"""

import re

from django.conf import settings
from lxml import etree
from lxml import html as lxml_html

from articles import nesting, word_lists
from articles.embeds.markup import WRAPPER_CLASSES, address_in_embed_html
from articles.embeds.providers import recognise
from articles.nesting import HEADINGS, INLINE, WRAPPERS, drop_tag, new, replace, unwrap, wrap_stray_text

# Let through for this module to read; gone afterwards.
TAGS = {"b", "i", "del", "strike", "span", "div", "center", "font", "h1", "h5", "h6", "iframe", "dl", "dt", "dd"}
TAGS |= {"section", "article", "address", "main", "header", "footer", "aside"}
ATTRIBUTES = {
    "b": {"style"},
    "i": {"style"},
    "span": {"style"},
    "p": {"class", "style"},
    "div": {"class", "data-embed", "data-href"},
    "dl": {"class"},
    "iframe": {"src"},
    "blockquote": {"class", "cite", "data-instgrm-permalink", "data-video-id", "data-bluesky-uri"},
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
OUR_IMAGE = re.compile(r"images/[0-9a-f]{2}/[0-9a-f]{16}/\d+\.(jpg|png|webp|avif)\Z")
# No pattern here may run to the end of the text from each of many beginnings; hence what they stop at, and `*+`.
SHORTCODE = re.compile(r"\[/?(?:caption|embed)\b[^\[\]]*+\]")
KEPT_LINK = re.compile(r"(?:https?:|mailto:|tel:|/|#(?!_)|\?)", re.IGNORECASE)  # `#_` begins Word's bookmarks
EMPTY_SCRIPT = re.compile(r"<script\b([^<>]*+)>\s*+</script\s*+>", re.IGNORECASE)
TELEGRAM_POST = re.compile(r"\bdata-telegram-post=[\"']?([A-Za-z0-9_]{4,32}/[0-9]{1,10})\b", re.IGNORECASE)
BLANK = re.compile(r"[\s\u00a0\u200b\ufeff]*\Z")

LONGEST_STYLE = 2000
LONGEST_EMBED_CODE = 50_000
STYLES = {
    "strong": re.compile(r"\b(?<!-)font-weight:(?:bold|[6-9]00)"),
    "em": re.compile(r"\b(?<!-)font-style:(?:italic|oblique)"),
    "s": re.compile(r"\b(?<!-)text-decoration(?:-line)?:[^;]*line-through"),
    "sup": re.compile(r"\b(?<!-)vertical-align:super"),
    "sub": re.compile(r"\b(?<!-)vertical-align:sub"),
}
NOT_BOLD = re.compile(r"\b(?<!-)font-weight:(?:normal|[1-5]00)")


def is_our_image(src: str) -> bool:
    """Of the library, wherever its pictures are read; texts may still have the address before they moved."""
    places = (settings.MEDIA_URL, "/media/")
    return any(src.startswith(place) and OUR_IMAGE.match(src, len(place)) for place in places)


def without_telegram_scripts(markup: str) -> str:
    """Telegram's code for embedding is a script and nothing else: the address takes its place before scripts go."""
    return EMPTY_SCRIPT.sub(_telegram_address, markup)


def _telegram_address(script: re.Match) -> str:
    post = TELEGRAM_POST.search(script[1])
    return f"<p>https://t.me/{post[1]}</p>" if post else script[0]


def translate(root: etree._Element) -> None:
    """Changes the tree in place."""
    word_lists.join(root)
    for element in list(root.iterdescendants(etree.Element)):
        if element.tag in ("b", "i", "span"):
            _translate_styled(element)
        element.tag = RENAMED.get(element.tag, element.tag)
    _drop_shortcodes(root)
    _take_up_embeds(root)
    _take_up_captions(root)
    nesting.straighten(root)
    for wrapper in list(root.iterdescendants(*WRAPPERS)):
        unwrap(wrapper)
    for quotation in root.iterdescendants("blockquote"):
        wrap_stray_text(quotation)
    nesting.mend_lists(root)
    wrap_stray_text(root)
    _take_up_bare_addresses(root)
    _settle_pictures(root)
    _tidy(root)


def _translate_styled(element: etree._Element) -> None:
    """Google Docs says bold and italic by style, and wraps all it copies in a `b` that is not bold."""
    style = (element.attrib.pop("style", "") or "")[:LONGEST_STYLE].replace(" ", "").lower()
    marks = [mark for mark, pattern in STYLES.items() if pattern.search(style)]
    if element.tag == "b" and "strong" not in marks and not NOT_BOLD.search(style):
        marks.append("strong")
    if element.tag == "i" and "em" not in marks:
        marks.append("em")
    element.tag = marks[0] if marks else "span"
    for mark in marks[1:]:
        _wrap_inside(element, mark)


def _wrap_inside(element: etree._Element, mark: str) -> None:
    inner = new(mark)
    inner.text, element.text = element.text, None
    inner.extend(list(element))
    element.append(inner)


def _drop_shortcodes(root: etree._Element) -> None:
    """WordPress stores `[caption …]picture words[/caption]`: picture and words are what counts."""
    for element in root.iter(etree.Element):
        for place in ("text", "tail"):
            words = getattr(element, place)
            if words and "[" in words:
                setattr(element, place, SHORTCODE.sub("", words))


def _take_up_embeds(root: etree._Element) -> None:
    for element in list(root.iterdescendants("blockquote", "iframe", "div")):
        if element.getparent() is None:
            continue
        if match := recognise(_embedded_address(element) or ""):
            replace(element, _embed_node(match.url))
        elif element.tag == "iframe":
            replace(element, _link_paragraph(element.get("src") or ""))
        else:
            element.attrib.pop("data-embed", None)


def _embedded_address(element: etree._Element) -> str | None:
    """Of the very element that stands for a post: a box that merely holds one among words is a box of words."""
    if element.get("data-embed"):
        return element.get("data-embed")
    if element.tag == "iframe" or WRAPPER_CLASSES.intersection(element.get("class", "").split()):
        code = _outer_html(element)
        return address_in_embed_html(code) if len(code) <= LONGEST_EMBED_CODE else None
    return None


def _take_up_captions(root: etree._Element) -> None:
    """WordPress before 2018: a box of the class `wp-caption` is what a figure is now."""
    for box in list(root.iterdescendants("div", "dl")):
        picture = box.find(".//img")
        if "wp-caption" not in box.get("class", "").split() or picture is None:
            continue
        caption = new("figcaption")
        caption.text = " ".join("".join(box.itertext()).split())
        tail = box.tail
        box.clear()
        box.tag, box.tail, picture.tail = "figure", tail, None
        box.extend([picture, caption])


def _take_up_bare_addresses(root: etree._Element) -> None:
    """The address of a post on a line of its own becomes that post."""
    for paragraph in root.findall("p"):
        words = "".join(paragraph.itertext()).strip()
        if words and not any(character.isspace() for character in words) and (match := recognise(words)):
            replace(paragraph, _embed_node(match.url))


def _embed_node(address: str) -> etree._Element:
    node = new("div", **{"data-embed": address})
    link = etree.SubElement(node, "a", href=address)
    link.text = address
    return node


def _link_paragraph(address: str) -> etree._Element:
    node = new("p")
    if address.startswith(("http://", "https://")):
        link = etree.SubElement(node, "a", href=address)
        link.text = address
    return node


def _settle_pictures(root: etree._Element) -> None:
    """
    A picture from another server would be a third party in the page, so it is left out; its caption stays as words.
    One of ours stands in a figure of its own, outside of links and paragraphs.
    """
    for picture in list(root.iterdescendants("img")):
        if not is_our_image(picture.get("src") or ""):
            picture.drop_tree()
            continue
        while picture.getparent().tag in INLINE:
            drop_tag(picture.getparent())
        if picture.getparent().tag != "figure":
            figure = new("figure")
            replace(picture, figure)
            figure.append(picture)
    for figure in list(root.iterdescendants("figure")):
        if figure.find("img") is None:
            wrap_stray_text(figure)
            drop_tag(figure)
    nesting.free_captions(root)
    for caption in list(root.iterdescendants("figcaption")):
        if _is_blank(caption):
            caption.drop_tree()


def _tidy(root: etree._Element) -> None:
    """Without the crumbs: links to nowhere, bold headings, emphasis on nothing, empty lines."""
    for link in list(root.iterdescendants("a")):
        if not link.get("data-pointer") and not KEPT_LINK.match((link.get("href") or "").strip()):
            drop_tag(link)
    for heading in root.iterdescendants(*HEADINGS):
        for bold in heading.findall(".//strong"):
            drop_tag(bold)
    for element in reversed(list(root.iterdescendants("p", *HEADINGS, *INLINE))):
        if _is_blank(element):
            _drop_but_space(element)


def _is_blank(element: etree._Element) -> bool:
    """Nothing to see in it: line breaks are nothing, pictures and rules are something."""
    if any(child.tag not in (*INLINE, "br", "span") for child in element.iterdescendants(etree.Element)):
        return False
    return bool(BLANK.match("".join(element.itertext())))


def _drop_but_space(element: etree._Element) -> None:
    """A bold space between two words is still a space."""
    if element.tag in ("p", *HEADINGS):
        element.drop_tree()
    else:
        drop_tag(element)


def _outer_html(element: etree._Element) -> str:
    return lxml_html.tostring(element, encoding="unicode", with_tail=False)
