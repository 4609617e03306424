"""
Verbs: remember a post, capture what its platform tells about it, decide what we show of it. The only writer of
`Embed.html`. Capturing never blocks or fails a save: it is a task, and what went wrong is a sentence on the row.
"""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.tasks import TaskContext

from articles import cache_tags, images, search
from articles.embeds.answers import Post
from articles.embeds.fetch import CannotFetch, Why, ask, fetch_picture, with_true_links
from articles.embeds.figure import figure_html
from articles.embeds.providers import Match, provider_named
from articles.embeds.tweet_time import tweet_time
from articles.models import Article, Embed, EmbedDecision, EmbedPicture, Image
from foundation import clock
from foundation.tasks import retried_task

ATTEMPTS = 4


class TryLater(Exception):
    """The platform could not be asked just now: makes the task run again."""


class NothingToFetch(ValidationError):
    """The words are an editor's own, and an answer would overwrite them."""


@transaction.atomic
def remember(match: Match) -> Embed:
    """The row of a post. A new one can be shown at once, as a plain link, and is captured in the background."""
    embed, is_new = Embed.objects.get_or_create(
        provider=match.provider,
        external_id=match.external_id,
        defaults={"url": match.url, "posted_at": time_in_id(match)},
    )
    if is_new:
        write_html(embed)
        capture_embed.enqueue(embed.pk)
    return embed


@retried_task(attempts=ATTEMPTS, takes_context=True)
def capture_embed(context: TaskContext, embed_id: int) -> None:
    """Leaves a post that could not be asked for to the `capture_embeds` command: that is no failure of the work."""
    embed = Embed.objects.awaiting_capture().filter(pk=embed_id).first()
    if embed is None:
        return
    capture(embed)
    if embed.state == Embed.State.PENDING and context.attempt < ATTEMPTS:
        raise TryLater(embed.failure)


def capture(embed: Embed) -> None:
    """
    Asks the platform and keeps the answer, or the reason why there is none. Asks outside of any transaction; what an
    editor wrote meanwhile is not overwritten. A row that waits on (`PENDING`) is worth another try.
    """
    try:
        post = with_true_links(ask(match_of(embed)))
    except CannotFetch as failure:
        _keep_failure(embed, failure)
        return
    picture = _picture_of(embed, post)
    with transaction.atomic():
        if _still_wanted(embed):
            _fill(embed, post)
            if picture is not None and not embed.pictures.exists():
                EmbedPicture.objects.create(embed=embed, image=picture)
            write_html(embed)


@transaction.atomic
def fetch_again(embed: Embed) -> None:
    """Puts a post back in the queue. Raises NothingToFetch rather than lose an editor's words."""
    if embed.is_sample:
        raise NothingToFetch("This one is invented: no platform knows it.")
    if embed.state == Embed.State.BY_HAND:
        raise NothingToFetch("This one was written by hand and is kept as it is.")
    embed.state, embed.failure = Embed.State.PENDING, ""
    embed.save(update_fields=["state", "failure"])
    capture_embed.enqueue(embed.pk)


@transaction.atomic
def decide(embed: Embed, *, choice: str, reason: str, by) -> EmbedDecision:
    """What readers may still see of a post, for a reason that is kept. Raises ValidationError without one."""
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError("Say why. The reason is kept, and readers do not see it.")
    embed.choice = choice
    embed.save(update_fields=["choice"])
    decision = EmbedDecision.objects.create(embed=embed, choice=choice, reason=reason, made_by=by, made_at=clock.now())
    write_html(embed)
    cache_tags.take_away_earlier_texts(embed)
    return decision


@transaction.atomic
def write_html(embed: Embed) -> None:
    """Writes what readers see of the post, wherever it stands: alone, quoted or answered. Also the search index."""
    showing = [embed, *Embed.objects.filter(Q(quoted=embed) | Q(parent=embed)).exclude(pk=embed.pk)]
    for shown in showing:
        _write_one(shown)
    posts = with_posts_shown_inside([embed])
    for article in Article.objects.filter(embeds__in=showing).distinct():
        article.embeds.add(*posts)
        article.inline_images.add(*pictures_of(posts))
    for shown in showing:
        search.index_embed(shown)


def with_posts_shown_inside(embeds: Iterable[Embed]) -> list[Embed]:
    """
    These posts and those they quote and answer. All are part of what a page says, so all are searched for words that
    must be taken down.
    """
    embeds = list(embeds)
    return embeds + [post for embed in embeds for post in (embed.quoted, embed.parent) if post is not None]


def pictures_of(embeds: Iterable[Embed]) -> list[Image]:
    """Our copies of the pictures of these posts."""
    return list(Image.objects.filter(embed_pictures__embed__in=[embed.pk for embed in embeds]).distinct())


def _write_one(embed: Embed) -> None:
    html = figure_html(embed)
    if html != embed.html:
        embed.html = html
        embed.save(update_fields=["html"])


def _fill(embed: Embed, post: Post) -> None:
    """An answer never empties what an earlier one filled: platforms tell less about a post as time goes by."""
    embed.url = post.url or embed.url
    for name in ("author_name", "author_handle", "author_url"):
        setattr(embed, name, getattr(post, name) or getattr(embed, name))
    embed.posted_at = time_in_id(match_of(embed))
    embed.posted_on = None if embed.posted_at else post.posted_on or embed.posted_on
    title = post.title if provider_named(embed.provider).is_video else ""
    keeps_words = bool(embed.text or embed.title) and not (post.text or title)
    if not keeps_words:
        embed.title, embed.text, embed.language, embed.links = title, post.text, post.language, post.links
        embed.raw_reply, embed.captured_at = post.raw_reply, clock.now()
    embed.state, embed.failure = Embed.State.CAPTURED, _what_is_missing(embed, keeps_words)
    embed.last_checked_at = clock.now()
    embed.save()


def _what_is_missing(embed: Embed, keeps_words: bool) -> str:
    provider = provider_named(embed.provider)
    if keeps_words:
        return f"{provider.site} no longer tells what the post says. The words fetched before are kept."
    if embed.text or provider.is_video:
        return ""
    return f"{provider.site} did not tell what the post says. You can write the text in by hand."


def _keep_failure(embed: Embed, failure: CannotFetch) -> None:
    """A snapshot taken before is kept: then only the sentence tells that fetching it again failed."""
    state = Embed.State.FAILED
    if failure.why == Why.LATER:
        state = Embed.State.PENDING
    elif embed.captured_at:
        state = Embed.State.CAPTURED
    with transaction.atomic():
        if _still_wanted(embed):
            embed.state, embed.failure, embed.last_checked_at = state, str(failure), clock.now()
            embed.save(update_fields=["state", "failure", "last_checked_at"])


def _still_wanted(embed: Embed) -> bool:
    """Locks the row, reads it anew, and says whether an answer may still be written to it."""
    embed.refresh_from_db(from_queryset=Embed.objects.select_for_update())
    return embed.state in (Embed.State.PENDING, Embed.State.FAILED)


def _picture_of(embed: Embed, post: Post) -> Image | None:
    """A video's still as our own copy. Without one the card has no picture: never a reason to fail."""
    provider = provider_named(embed.provider)
    content = fetch_picture(provider, post.picture_url) if post.picture_url else None
    if content is None:
        return None
    try:
        return images.store(content, title=f"{provider.site}: {post.title}"[:200], credit=provider.site)
    except images.ImageRefused:
        return None


def match_of(embed: Embed) -> Match:
    return Match(embed.provider, embed.external_id, embed.url)


def time_in_id(match: Match) -> dt.datetime | None:
    """When a tweet was posted, unless its number is a fantasy that lies ahead."""
    moment = tweet_time(match.external_id) if match.provider == Embed.Provider.TWEET else None
    return moment if moment is None or moment <= clock.now() else None
