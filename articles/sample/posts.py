"""
Sample posts as the site keeps real ones, without asking anybody. Their numbers are made from their times, as the
platforms make theirs, and end where no platform counts to, so none of them is the number of a real post.
"""

import datetime as dt

from articles.embeds import snapshot
from articles.embeds.providers import Match, recognise
from articles.embeds.tweet_time import EPOCH_MILLISECONDS, WORKER_BITS
from articles.models import Embed, EmbedPicture
from articles.sample import texts
from articles.sample.drawings import Drawings
from articles.sample.when import moment

TWEET_ADDRESS = "https://x.com/{handle}/status/{id}"
SEQUENCE_NEVER_REACHED = (1 << 12) - 1
MASTODON_BITS = 16
WORDS = ("text", "title", "language", "author_url", "links")
CAPTURED_AFTER = dt.timedelta(minutes=30)


def make(drawings: Drawings, loaded_at: dt.datetime) -> dict[str, str]:
    """Writes every sample post. Returns the address of each by its name."""
    rows: dict[str, Embed] = {}
    for post in texts.table("posts")["posts"]:
        rows[post["name"]] = _make_one(post, rows, drawings, loaded_at)
    return {name: embed.url for name, embed in rows.items()}


def number(posted_at: dt.datetime, *, site: str) -> int:
    """The number that the platform would have given at that time, with a last part it does not use."""
    milliseconds = round(posted_at.timestamp() * 1000)
    if site == Embed.Provider.MASTODON:
        return (milliseconds << MASTODON_BITS) | ((1 << MASTODON_BITS) - 1)
    return ((milliseconds - EPOCH_MILLISECONDS) << WORKER_BITS) | SEQUENCE_NEVER_REACHED


def _make_one(post: dict, rows: dict[str, Embed], drawings: Drawings, loaded_at: dt.datetime) -> Embed:
    posted_at = moment(str(post["posted"]), loaded_at)
    match = _match(post, posted_at)
    embed = Embed.objects.create(
        provider=match.provider,
        external_id=match.external_id,
        url=match.url,
        state=Embed.State.CAPTURED if match.provider == Embed.Provider.TWEET else Embed.State.BY_HAND,
        author_name=post["author"],
        author_handle=post.get("handle", ""),
        posted_at=posted_at,
        captured_at=min(posted_at + CAPTURED_AFTER, loaded_at),
        quoted=rows.get(post.get("quotes")),
        parent=rows.get(post.get("parent")),
        is_sample=True,
        **{name: post[name] for name in WORDS if name in post},
        **_availability(post, loaded_at),
    )
    if "picture" in post:
        picture = drawings.image(post["picture"], alt=post["picture_alt"])
        EmbedPicture.objects.create(embed=embed, image=picture)
    snapshot.write_html(embed)
    return embed


def _match(post: dict, posted_at: dt.datetime) -> Match:
    site = post.get("site", Embed.Provider.TWEET)
    address = post.get("address", TWEET_ADDRESS)
    address = address.format(handle=post.get("handle", ""), id=number(posted_at, site=site))
    match = recognise(address)
    if match is None or match.provider != site:
        raise texts.BadSampleFile(f"posts.toml: {post['name']} has no address of {site}: {address}")
    return match


def _availability(post: dict, loaded_at: dt.datetime) -> dict:
    for word, availability in (("gone", Embed.Availability.GONE), ("not_public", Embed.Availability.NOT_PUBLIC)):
        if word in post:
            since = moment(post[word], loaded_at)
            return {"availability": availability, "unavailable_since": since, "last_checked_at": since}
    return {}
