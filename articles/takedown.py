"""
For courts and mistakes: words that must vanish from everything that anybody can still read, at once. What stays is
a line that says when and why, and a record that does not repeat the words. How the words are found and written over
stands in `articles.blackout`; here is where they may stand.
"""

import datetime as dt
from collections.abc import Callable

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from articles import autosave, cache_tags, publishing, rendering
from articles.blackout import SHORTEST, Pen, Phrase, in_json
from articles.embeds import snapshot
from articles.models import (
    AddendumVersion,
    Article,
    Autosave,
    Embed,
    EmbedDecision,
    Image,
    PreviewLink,
    Redirect,
    Takedown,
)
from foundation import clock

PLAIN_FIELDS = {
    "article": (
        "headline", "standfirst", "seo_title", "seo_description", "social_title", "social_description", "source_name"
    ),
    "revision": ("headline", "standfirst", "note"),
    "embed": ("author_name", "title", "text"),
    "image": ("title", "alt", "caption", "credit"),
}  # fmt: skip
NOT_FETCHED = "Not fetched: words were taken down from an article that shows it. You can write its text by hand."


_elsewhere: list[Callable[[Article, Pen], None]] = []


class WordsNotFound(ValidationError):
    """The words stand nowhere in this article, its versions, addenda, posts and pictures."""


def register(write_over: Callable[[Article, Pen], None]) -> None:
    """
    For an app that keeps texts of its own below an article. It locks its rows before any of ours is locked, and writes
    over the words with the pen it is given.
    """
    if write_over not in _elsewhere:
        _elsewhere.append(write_over)


@transaction.atomic
def black_out(article: Article, *, words: str, reason: str, by, new_slug: str = "") -> Takedown:
    """
    Replaces `words` in the article, its versions, addenda and their versions, the posts it quotes, its pictures'
    texts, the search index, everybody's unsaved texts and the admin's log. Redirects from addresses that hold the
    words go. `new_slug` gives the article another address, to which the old one does not lead. Posts not fetched yet
    are never fetched; the record returned counts them as `unfetched`.
    Raises WordsNotFound, ValidationError for words too short to be safe, CannotPublish for an address that is taken.
    """
    record = _black_out(article, words=words, reason=reason, by=by, new_slug=new_slug)
    cache_tags.take_everything_away()
    return record


def _black_out(article: Article, *, words: str, reason: str, by, new_slug: str) -> Takedown:
    phrase, reason = Phrase(words), reason.strip()
    if len(phrase.words) < SHORTEST:
        raise ValidationError(f"Give at least {SHORTEST} characters, or half the text would go.")
    if not reason:
        raise ValidationError("Readers are told why. Give a reason, without the words themselves.")
    if phrase.is_in(reason):
        raise ValidationError("The reason repeats the words. Say it without them.")
    now = clock.now()
    pen = Pen(phrase, _notice(now, reason))
    for write_over in _elsewhere:
        write_over(article, pen)
    # Posts are locked before the article, in the order of a capture. An answer that arrives just now is either seen
    # here or comes too late and finds a post that waits for none.
    list(_embeds_of(article))
    row = Article.objects.select_for_update().get(pk=article.pk)
    unfetched = _black_out_article(row, pen, by=by)
    _black_out_addresses(row, pen, by=by, new_slug=new_slug)
    if not pen.strokes:
        raise WordsNotFound(_where_not(row, phrase))
    autosave.black_out(pen, Autosave.objects.exclude(article=row))
    _black_out_log(row, pen)
    # A form that was opened before still holds the words: its save is now a conflict and cannot bring them back unseen.
    Article.objects.filter(pk=row.pk).update(edit_version=models.F("edit_version") + 1, edited_by=by)
    record = Takedown.objects.create(article=row, reason=reason, made_by=by, made_at=now, places=pen.strokes)
    record.unfetched = unfetched
    return record


def count_places(article: Article, *, words: str, new_slug: str = "") -> int:
    """How many places `black_out` would change. Changes nothing. Raises as `black_out` does."""
    with transaction.atomic():
        places = _black_out(article, words=words, reason="-", by=None, new_slug=new_slug).places
        transaction.set_rollback(True)
    return places


def address_with(article: Article, *, words: str) -> str:
    """The article's address, if it holds the words: no notice can stand there, so it must become another one."""
    address = article.get_absolute_url() or article.slug
    return address if Phrase(words).is_in_address(address) else ""


def _where_not(article: Article, phrase: Phrase) -> str:
    if address_with(article, words=phrase.words):
        return "Only the address holds these words. Write a new address for the article."
    return "These words stand nowhere in this article, its versions, updates, posts and pictures."


def _black_out_article(article: Article, pen: Pen, *, by) -> int:
    """Writes over everything that belongs to the article. Returns how many of its posts are left unfetched."""
    _rewrite(
        article, pen, plain=PLAIN_FIELDS["article"], markup=("lead_note", "body"), addresses=("source_url",)
    )  # fmt: skip
    for revision in article.revisions.all():
        _rewrite(revision, pen, plain=PLAIN_FIELDS["revision"], markup=("lead_note", "body"))
    for addendum in article.addenda.all():
        _rewrite(addendum, pen, markup=("body",))
    for version in AddendumVersion.objects.filter(addendum__article=article):
        _rewrite(version, pen, markup=("body",))
    for link in PreviewLink.objects.filter(article=article):
        _rewrite(link, pen, plain=("label",))
    autosave.black_out(pen, article.autosaves.all())
    unfetched = sum(_black_out_embed(embed, pen, by=by) for embed in _embeds_of(article))
    for image in _images_of(article):
        _rewrite(image, pen, plain=PLAIN_FIELDS["image"])
    rendering.render_article(article)
    return unfetched


def _embeds_of(article: Article) -> models.QuerySet[Embed]:
    return article.embeds.select_for_update(of=("self",)).order_by("pk")


def _images_of(article: Article) -> set[Image]:
    return {*article.inline_images.all(), *filter(None, [article.lead_image])}


def _black_out_embed(embed: Embed, pen: Pen, *, by) -> bool:
    """
    Once blacked out, or while it waits to be fetched, it counts as written by hand: no answer brings the words back.
    Returns whether it was still to be fetched.
    """
    before = pen.strokes
    is_waiting = embed.state in (Embed.State.PENDING, Embed.State.FAILED)
    author_is_named = _author_holds_words(embed, pen)
    _rewrite(embed, pen, plain=PLAIN_FIELDS["embed"], addresses=("author_handle", "author_url"))
    embed.links = in_json(embed.links, pen.plain)
    for decision in EmbedDecision.objects.filter(embed=embed):
        _rewrite(decision, pen, plain=("reason",))
    if pen.phrase.is_in_reply(embed.raw_reply):
        pen.strokes += 1
        embed.raw_reply = ""
    if author_is_named and embed.choice == Embed.Choice.KEEP:
        pen.strokes += 1
        # The address names the author too, and stays in the row as what the post is known by. So it is not shown.
        snapshot.decide(embed, choice=Embed.Choice.TEXT_ONLY, reason="Words were taken down from its author.", by=by)
    if pen.strokes > before or is_waiting:
        embed.raw_reply, embed.state = "", Embed.State.BY_HAND
        embed.failure = NOT_FETCHED if is_waiting else embed.failure
        embed.save(update_fields=["links", "raw_reply", "state", "failure"])
        snapshot.write_html(embed)
    return is_waiting


def _author_holds_words(embed: Embed, pen: Pen) -> bool:
    addresses = (embed.url, embed.author_url, embed.author_handle)
    return pen.phrase.is_in(embed.author_name) or any(map(pen.phrase.is_in_address, addresses))


def _black_out_addresses(article: Article, pen: Pen, *, by, new_slug: str) -> None:
    old_path = article.get_absolute_url()
    if new_slug:
        _give_new_address(article, pen, slug=new_slug, by=by)
    if old_path != article.get_absolute_url():
        # The article left a redirect behind, and rows without an article may name the old address as their end.
        Redirect.objects.filter(models.Q(old_path=old_path) | models.Q(new_path=old_path)).delete()
    for redirect in Redirect.objects.filter(article=article):
        if not pen.address(redirect.old_path):
            redirect.delete()


def _give_new_address(article: Article, pen: Pen, *, slug: str, by) -> None:
    if slug != slugify(slug) or pen.phrase.is_in_address(slug):
        raise ValidationError("Write the new address in words joined by hyphens, without the words that must go.")
    if article.public_path is None:
        Article.objects.filter(pk=article.pk).update(slug=slug)
    else:
        year, month, _ = article.public_path.split("/")
        publishing.move(article, by=by, year=int(year), month=int(month), slug=slug)
    pen.strokes += 1


def _black_out_log(article: Article, pen: Pen) -> None:
    """The admin's log repeats what rows were called, of any row and on any road, and what was done in words."""
    for entry in LogEntry.objects.iterator(chunk_size=1000):
        name, message = pen.plain(entry.object_repr)[:200], pen.json_text(entry.change_message)
        if (name, message) != (entry.object_repr, entry.change_message):
            LogEntry.objects.filter(pk=entry.pk).update(object_repr=name, change_message=message)
    # A name is cut off after so many letters, maybe amid the words: those of our own rows are all written anew.
    for row in [article, *article.embeds.all(), *_images_of(article)]:
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)
        )  # fmt: skip
        entries.update(object_repr=str(row)[:200])


def _rewrite(row: models.Model, pen: Pen, *, plain: tuple = (), markup: tuple = (), addresses: tuple = ()) -> None:
    """`update()` and not `save()`: a takedown moves none of the dates that readers are told."""
    changed = {}
    for names, stroke in ((plain, pen.plain), (markup, pen.markup), (addresses, pen.address)):
        for name in names:
            before = getattr(row, name)
            after = stroke(before)
            if after != before:
                limit = row._meta.get_field(name).max_length
                changed[name] = after[:limit] if limit else after
                setattr(row, name, changed[name])
    if changed:
        type(row)._base_manager.filter(pk=row.pk).update(**changed)


def _notice(now: dt.datetime, reason: str) -> str:
    day = timezone.localtime(now, timezone.get_default_timezone())
    return f"[removed on {day.day} {day:%B %Y}: {reason}]"
