"""Everything that shows a picture. Asked before one is removed, so it reads texts too and need not be quick."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from articles.models import Article, Author, Autosave, EmbedPicture, Image, Masthead, Page


@dataclass(frozen=True)
class Usage:
    """
    `place` is a few words for an editor, `change_url` where it can be taken out, empty if it cannot. `article` is set
    where the place names one, whose headline may be a secret.
    """

    place: str
    change_url: str = ""
    article: Article | None = None


def usages(image: Image) -> list[Usage]:
    return [*_in_articles(image), *_in_other_texts(image), *_as_a_picture_of(image)]


def told_to(user, found: list[Usage]) -> list[Usage]:
    """The same places, but articles that this person may not know of have no name."""
    named = [usage.article.pk for usage in found if usage.article]
    known = set(Article.objects.known_to(user).filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    secret = Usage("In an article of somebody else that is not published")
    return [secret if usage.article and usage.article.pk not in known else usage for usage in found]


def _in_articles(image: Image) -> Iterator[Usage]:
    for article in Article.objects.filter(lead_image=image):
        yield _usage_in("Leads the article", article)
    shown = Q(body__contains=image.key) | Q(inline_images=image) | Q(addenda__body__contains=image.key)
    for article in Article.objects.filter(shown).distinct():
        yield _usage_in("In the article", article)
    earlier = Q(revisions__body__contains=image.key) | Q(addenda__earlier_versions__body__contains=image.key)
    for article in Article.objects.filter(earlier).exclude(shown).distinct():
        yield _usage_in("In an earlier version of the article", article)


def _usage_in(words: str, article: Article) -> Usage:
    return Usage(f"{words} “{article.headline}”", _change("article", article.pk), article)


def _in_other_texts(image: Image) -> Iterator[Usage]:
    for page in Page.objects.filter(body__contains=image.key):
        yield Usage(f"On the page “{page.title}”", _change("page", page.pk))
    unsaved = Autosave.objects.annotate(text=Cast("data", TextField())).filter(text__contains=image.key)
    for draft in unsaved.select_related("user"):
        yield Usage(f"In a text that {draft.user} has not saved yet")


def _as_a_picture_of(image: Image) -> Iterator[Usage]:
    for picture in EmbedPicture.objects.filter(image=image).select_related("embed"):
        yield Usage(f"In the snapshot {picture.embed}", _change("embed", picture.embed_id))
    for author in Author.objects.filter(portrait=image):
        yield Usage(f"Portrait of {author.name}", _change("author", author.pk))
    for masthead in Masthead.objects.filter(logo=image):
        yield Usage("Logo of the site", _change("masthead", masthead.pk))


def _change(model: str, pk: int) -> str:
    return reverse(f"admin:articles_{model}_change", args=[pk])
