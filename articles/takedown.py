"""
For courts and mistakes: words that must vanish from everything that anybody can still read, at once. What stays is
a line that says when and why, and a record that does not repeat the words.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from lxml import etree

from articles import html, rendering
from articles.embeds import snapshot
from articles.models import AddendumVersion, Article, Embed, Takedown
from foundation import clock

PLAIN_FIELDS = {
    "article": ("headline", "standfirst", "seo_title", "seo_description", "social_title", "social_description"),
    "revision": ("headline", "standfirst", "note"),
    "embed": ("text", "title", "author_name", "author_handle"),
    "image": ("title", "alt", "caption", "credit"),
}
SHORTEST = 3


class WordsNotFound(ValidationError):
    """The words stand nowhere in this article, its versions, addenda, posts and pictures."""


@dataclass
class _Pen:
    """Blacks out one phrase and counts how often. White space and case do not matter; tags within it are ignored."""

    pattern: re.Pattern
    notice: str
    strokes: int = 0

    def plain(self, text: str) -> str:
        text, count = self.pattern.subn(lambda match: self.notice, text)
        self.strokes += count
        return text

    def markup(self, source: str) -> str:
        if not source:
            return source
        root = html.parse(source)
        count = _black_out_text(root, self)
        count += sum(_black_out_attributes(element, self) for element in root.iterdescendants())
        self.strokes += count
        return html.serialise(root) if count else source


@transaction.atomic
def black_out(article: Article, *, words: str, reason: str, by) -> Takedown:
    """
    Replaces `words` in the article, its versions, addenda and their versions, the posts it quotes, its pictures'
    texts, unsaved drafts and the search index. Raises WordsNotFound, or ValidationError for words too short to be safe.
    """
    words, reason = " ".join(words.split()), reason.strip()
    if len(words) < SHORTEST:
        raise ValidationError(f"Give at least {SHORTEST} characters, or half the text would go.")
    if not reason:
        raise ValidationError("Readers are told why. Give a reason, without the words themselves.")
    now = clock.now()
    pen = _Pen(_pattern(words), _notice(now, reason))
    if pen.pattern.search(reason):
        raise ValidationError("The reason repeats the words. Say it without them.")
    _black_out_everything(Article.objects.select_for_update().get(pk=article.pk), pen)
    if not pen.strokes:
        raise WordsNotFound("These words stand nowhere in this article, its versions, updates, posts and pictures.")
    # A form that was opened before still holds the words: its save is now a conflict and cannot bring them back unseen.
    Article.objects.filter(pk=article.pk).update(edit_version=models.F("edit_version") + 1, edited_by=by)
    return Takedown.objects.create(article=article, reason=reason, made_by=by, made_at=now, places=pen.strokes)


def count_places(article: Article, *, words: str) -> int:
    """How many places `black_out` would change. Changes nothing. Raises as `black_out` does."""
    with transaction.atomic():
        places = black_out(article, words=words, reason="-", by=None).places
        transaction.set_rollback(True)
    return places


def _black_out_everything(article: Article, pen: _Pen) -> None:
    _rewrite(article, pen, plain=PLAIN_FIELDS["article"], markup=("lead_note", "body"))
    for revision in article.revisions.all():
        _rewrite(revision, pen, plain=PLAIN_FIELDS["revision"], markup=("lead_note", "body"))
    for addendum in article.addenda.all():
        _rewrite(addendum, pen, markup=("body",))
    for version in AddendumVersion.objects.filter(addendum__article=article):
        _rewrite(version, pen, markup=("body",))
    for embed in article.embeds.all():
        _black_out_embed(embed, pen)
    for image in {*article.inline_images.all(), *filter(None, [article.lead_image])}:
        _rewrite(image, pen, plain=PLAIN_FIELDS["image"])
    for autosave in article.autosaves.all():
        autosave.data = _in_json(autosave.data, pen.markup)
        autosave.save(update_fields=["data"])
    rendering.render_article(article)


def _black_out_embed(embed: Embed, pen: _Pen) -> None:
    before = pen.strokes
    _rewrite(embed, pen, plain=PLAIN_FIELDS["embed"])
    embed.links = _in_json(embed.links, pen.plain)
    embed.raw_reply = pen.plain(embed.raw_reply)
    if pen.strokes > before:
        embed.raw_reply = ""
        embed.state = Embed.State.BY_HAND  # fetching it again would bring the words back
        embed.save(update_fields=["links", "raw_reply", "state"])
        snapshot.write_html(embed)


def _rewrite(row: models.Model, pen: _Pen, *, plain: tuple = (), markup: tuple = ()) -> None:
    """`update()` and not `save()`: a takedown moves none of the dates that readers are told."""
    changed = {}
    for names, stroke in ((plain, pen.plain), (markup, pen.markup)):
        for name in names:
            before = getattr(row, name)
            after = stroke(before)
            if after != before:
                limit = row._meta.get_field(name).max_length
                changed[name] = after[:limit] if limit else after
                setattr(row, name, changed[name])
    if changed:
        type(row)._base_manager.filter(pk=row.pk).update(**changed)


def _in_json(value, stroke: Callable[[str], str]):
    if isinstance(value, str):
        return stroke(value)
    if isinstance(value, list):
        return [_in_json(item, stroke) for item in value]
    if isinstance(value, dict):
        return {key: _in_json(item, stroke) for key, item in value.items()}
    return value


def _pattern(words: str) -> re.Pattern:
    return re.compile(r"\s+".join(re.escape(word) for word in words.split()), re.IGNORECASE)


def _notice(now: dt.datetime, reason: str) -> str:
    day = timezone.localtime(now, timezone.get_default_timezone())
    return f"[removed on {day.day} {day:%B %Y}: {reason}]"


def _black_out_text(root: etree._Element, pen: _Pen) -> int:
    """The phrase may run over tags: the notice goes where it begins, the rest of it is cut from what follows."""
    slots = list(_text_slots(root))
    matches = list(pen.pattern.finditer("".join(text for _, _, text in slots)))
    for match in reversed(matches):
        position, notice = 0, pen.notice
        for number, (element, slot, text) in enumerate(slots):
            start, end = max(match.start() - position, 0), min(match.end() - position, len(text))
            position += len(text)
            if start < end and slot:
                text = text[:start] + notice + text[end:]
                notice = ""
                setattr(element, slot, text)
                slots[number] = (element, slot, text)
    return len(matches)


def _text_slots(root: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """Where text stands, in reading order. A nameless slot is the space that a break or block means."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag == "br" or element.tag in html.BLOCKS:
            yield element, "", "\n"
        if event == "start" and element.text:
            yield element, "text", element.text
        if event == "end" and element is not root and element.tail:
            yield element, "tail", element.tail


def _black_out_attributes(element: etree._Element, pen: _Pen) -> int:
    count = 0
    for name in ("alt", "title"):
        if value := element.get(name):
            value, strokes = pen.pattern.subn(lambda match: pen.notice, value)
            count += strokes
            element.set(name, value)
    return count
