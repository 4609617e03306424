"""Writes what can be searched. Rendering calls this, so every road on which a text changes passes here."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import unescape

from django.db import transaction
from django.db.models import Q

from articles import html
from articles.fragments import EMBED, POINTER
from articles.models import Addendum, Article, Embed, SearchDocument
from articles.search.words import fold

# A longer text is found by its beginning: PostgreSQL refuses words that fill a megabyte, and a save must not fail.
LONGEST_TEXT = 250_000


@transaction.atomic
def index(article: Article) -> None:
    """
    Replaces all documents of an article by what it says now, which may not be what the caller has read. Draft, hidden
    and scheduled parts are written too: reading decides.
    """
    row = Article.objects.select_for_update().get(pk=article.pk)
    forget(row)
    SearchDocument.objects.bulk_create(_documents(row))


def index_plain(articles: Iterable[Article]) -> None:
    """For many new articles at once that hold no post and have no addendum, and whose texts are often the same."""
    words = cache(_words)
    SearchDocument.objects.bulk_create(_own_words(article, words) for article in articles)


def forget(article: Article) -> None:
    SearchDocument.objects.filter(article=article).delete()


def index_embed(embed: Embed) -> None:
    """What a post says became known or was changed: indexes the articles that show it."""
    shown = Embed.objects.filter(Q(pk=embed.pk) | Q(quoted=embed) | Q(parent=embed))
    for article in Article.objects.filter(embeds__in=shown).only("pk").order_by("pk").distinct():
        index(article)


def _documents(article: Article) -> Iterator[SearchDocument]:
    yield _own_words(article)
    embeds = {embed.key: embed for embed in article.embeds.select_related("quoted", "parent")}
    yield from _posts(article, None, article.body_html, embeds)
    for addendum in article.addenda.all():
        text = _words(addendum.body_html)
        if text:
            yield _document(article, text, addendum=addendum)
        yield from _posts(article, addendum, addendum.body_html, embeds)


def _own_words(article: Article, words: Callable[[str], str] | None = None) -> SearchDocument:
    text = "\n".join(filter(None, map(words or _words, [article.lead_note_html, article.body_html])))
    return _document(article, text, headline=fold(article.headline), standfirst=fold(article.standfirst))


def _words(markup: str) -> str:
    """Without the pointers at updates, which belong to the page and not to what it says."""
    return html.plain_text(POINTER.sub("", markup))


def _posts(
    article: Article, addendum: Addendum | None, markup: str, embeds: dict[str, Embed]
) -> Iterator[SearchDocument]:
    for key in dict.fromkeys(EMBED.findall(markup)):
        if embed := embeds.get(unescape(key)):
            yield from _post(article, embed, addendum=addendum)
            for inner in filter(None, [embed.quoted, embed.parent]):
                yield from _post(article, inner, addendum=addendum, quoted_in=embed)


def _post(article: Article, embed: Embed, **place) -> Iterable[SearchDocument]:
    """Who wrote it is a document of its own, because an editor may choose to keep the text alone."""
    said = " ".join(filter(None, [embed.title, embed.text]))
    author = " ".join(filter(None, [embed.author_name, embed.author_handle]))
    if said:
        yield _document(article, said, embed=embed, **place)
    if author:
        yield _document(article, author, embed=embed, names_author=True, **place)


def _document(article: Article, text: str, **fields) -> SearchDocument:
    plain = text[:LONGEST_TEXT]
    return SearchDocument(article=article, plain=plain, words=fold(plain), **fields)
