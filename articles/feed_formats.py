"""How a feed is written: RSS 2.0 and Atom 1.0 from one description. What stands in it is chosen in `articles.feeds`."""

import datetime as dt
from dataclasses import dataclass, field
from io import StringIO

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from articles.html import strip_control_characters

# Atom wants a date even of a feed in which nothing has happened yet, and it must not differ from answer to answer.
NOTHING_YET = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Person:
    """`address` is a page about them, and empty for somebody without one."""

    name: str
    address: str = ""


@dataclass(frozen=True)
class Entry:
    """`uid` never changes, whatever becomes of address and headline. `summary` and `content` are HTML."""

    uid: str
    title: str
    address: str
    content: str
    published_at: dt.datetime
    updated_at: dt.datetime
    summary: str = ""
    authors: list[Person] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    answers: "Answered | None" = None


@dataclass(frozen=True)
class Answered:
    """What an entry answers: the `uid` of an entry or article, and where it stands. RFC 4685, `thr:in-reply-to`."""

    uid: str
    address: str


@dataclass(frozen=True)
class Channel:
    """
    `address` is the page of which the feed tells, `own_address` the feed's. All addresses are absolute. `written` are
    entries that are XML already, as `write_entry` makes them; the date of such a feed is told as `latest`.
    """

    title: str
    description: str
    publisher: str
    address: str
    own_address: str
    language: str
    entries: list[Entry] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    latest: dt.datetime | None = None


class _SteadyDate:
    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["latest"] or NOTHING_YET


class RssFeed(_SteadyDate, Rss201rev2Feed):
    """With every author and the full text; of the update RSS itself knows nothing, so Atom's element says it."""

    content_type = "application/rss+xml; charset=utf-8"
    end = "</channel></rss>"

    def rss_attributes(self):
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.addQuickElement("dc:creator", author.name)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("content:encoded", item["content"])


class AtomFeed(_SteadyDate, Atom1Feed):
    """With every author and the full text, of which Django writes one and none; and with what an entry answers."""

    content_type = "application/atom+xml; charset=utf-8"
    end = "</feed>"

    def root_attributes(self):
        return {**super().root_attributes(), "xmlns:thr": "http://purl.org/syndication/thread/1.0"}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", author.name)
            if author.address:
                handler.addQuickElement("uri", author.address)
            handler.endElement("author")
        if answered := item["answers"]:
            marks = {"ref": answered.uid, "href": answered.address, "type": "text/html"}
            handler.addQuickElement("thr:in-reply-to", "", marks)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def write(channel: Channel, generator: type[RssFeed | AtomFeed]) -> bytes:
    feed = generator(
        title=_clean(channel.title),
        link=channel.address,
        description=_clean(channel.description),
        subtitle=_clean(channel.description),
        language=channel.language,
        author_name=_clean(channel.publisher),
        feed_url=channel.own_address,
        feed_guid=channel.own_address,
        latest=channel.latest and channel.latest.replace(microsecond=0),
    )
    for entry in channel.entries:
        _add(feed, entry)
    whole = feed.writeString("utf-8").removesuffix(generator.end)
    return "".join([whole, *channel.written, generator.end]).encode()


def write_entry(entry: Entry, generator: type[RssFeed | AtomFeed]) -> str:
    """One entry, as it stands in every feed of that format."""
    feed, out = generator(title="", link="", description=""), StringIO()
    _add(feed, entry)
    feed.write_items(SimplerXMLGenerator(out, "utf-8", short_empty_elements=True))
    return out.getvalue()


def _add(feed: RssFeed | AtomFeed, entry: Entry) -> None:
    feed.add_item(
        title=_clean(entry.title),
        link=entry.address,
        description=_clean(entry.summary) or None,
        unique_id=entry.uid,
        unique_id_is_permalink=False,
        pubdate=entry.published_at.replace(microsecond=0),
        updateddate=entry.updated_at.replace(microsecond=0),
        categories=[_clean(name) for name in entry.categories],
        authors=[Person(_clean(author.name), author.address) for author in entry.authors],
        content=_clean(entry.content),
        answers=entry.answers,
    )


def _clean(text: str) -> str:
    """XML has no way to write most control characters, and one of them would make the whole feed unreadable."""
    return strip_control_characters(text)
