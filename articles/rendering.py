"""
From an editor's text to the HTML that is stored beside it: cleaned, headings named, directions set, embeds and
pictures replaced by placeholders that `articles.fragments` fills at reading. The only writer of `*_html`.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.text import slugify
from lxml import etree

from articles import cache_tags, html, images, nesting, search
from articles.embeds import providers, snapshot
from articles.models import Addendum, Article, Embed, Image, Page
from pagecache import purge_stale


@dataclass
class Rendered:
    """One body as HTML with placeholders, and the rows that the placeholders name."""

    html: str
    embeds: list[Embed] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)


def render(source: str) -> Rendered:
    """Cleans `source` and renders it. Posts not seen before get a row that waits to be fetched."""
    root = html.parse(html.clean_body(source) or "<p></p>")
    result = Rendered(html="")
    _place_embeds(root, result)
    _place_images(root, result)
    _flatten_pointers(root)
    _name_headings(root)
    _set_directions(root)
    result.html = html.clean_rendered(html.serialise(root))
    return result


@transaction.atomic
def render_article(article: Article) -> None:
    """Writes the HTML of an article and its addenda, what they hold, and the search index. Safe to repeat."""
    body = render(article.body)
    article.body_html = body.html
    article.lead_note_html = html.clean_note(article.lead_note)
    Article.objects.filter(pk=article.pk).update(body_html=article.body_html, lead_note_html=article.lead_note_html)
    parts = [body, *(_render_addendum(addendum) for addendum in article.addenda.all())]
    embeds = snapshot.with_posts_shown_inside([embed for part in parts for embed in part.embeds])
    article.embeds.set(embeds)
    article.inline_images.set([image for part in parts for image in part.images] + snapshot.pictures_of(embeds))
    search.index(article)
    if article.first_published_at:
        cache_tags.purge_article(article.pk)


def render_page(page: Page) -> None:
    page.body_html = render(page.body).html
    Page.objects.filter(pk=page.pk).update(body_html=page.body_html)
    purge_stale(cache_tags.LISTINGS)


def _render_addendum(addendum: Addendum) -> Rendered:
    part = render(addendum.body)
    addendum.body_html = part.html
    Addendum.objects.filter(pk=addendum.pk).update(body_html=part.html)
    return part


def _place_embeds(root: etree._Element, result: Rendered) -> None:
    for node in list(root.iterdescendants("div")):
        match = providers.recognise(node.get("data-embed") or "")
        if match is None:
            nesting.drop_tag(node)
            continue
        embed = snapshot.remember(match)
        result.embeds.append(embed)
        node.set("data-embed", embed.key)
        node.text = None
        for child in list(node):
            node.remove(child)


def _place_images(root: etree._Element, result: Rendered) -> None:
    pictures = {picture: images.key_in_address(picture.get("src") or "") for picture in root.iterdescendants("img")}
    known = {image.key: image for image in Image.objects.filter(key__in=set(pictures.values()))} if pictures else {}
    for picture, key in pictures.items():
        if image := known.get(key):
            picture.attrib.pop("src")
            picture.set("data-image", key)
            picture.set("alt", picture.get("alt") or image.alt)
            result.images.append(image)
            continue
        figure = picture.getparent()
        picture.drop_tree()
        if figure.tag == "figure":
            figure.drop_tree()


def _flatten_pointers(root: etree._Element) -> None:
    for pointer in list(root.iterdescendants("a")):
        if pointer.get("data-pointer"):
            words = "".join(pointer.itertext())
            pointer[:] = []
            pointer.text = words
            for name in set(pointer.attrib) - {"data-pointer"}:
                del pointer.attrib[name]


def _name_headings(root: etree._Element) -> None:
    """Ids for the article's own contents. The prefix keeps them apart from `update-1` and from the page's own."""
    seen: set[str] = set()
    last_number: Counter[str] = Counter()  # of each name: counting from one again takes a time that grows squared
    for heading in root.iterdescendants("h2", "h3", "h4"):
        name = base = "s-" + (slugify("".join(heading.itertext()))[:60] or "heading")
        number = last_number[base] or 1
        while name in seen:
            number += 1
            name = f"{base}-{number}"
        last_number[base] = number
        seen.add(name)
        heading.set("id", name)


def _set_directions(root: etree._Element) -> None:
    for block in root.iterdescendants("p", "h2", "h3", "h4", "blockquote", "li", "td", "th", "figcaption", "ul", "ol"):
        if html.is_right_to_left("".join(block.itertext())):
            block.set("dir", "rtl")
