"""
One platform asked about one post, through the guarded door. What can go wrong becomes one error that says why, for
the program, and what to do, for the editor. Nothing is stored here.
"""

import enum
import re
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from articles.embeds.answers import Post, Unreadable, clean_link, read_answer
from articles.embeds.providers import PROVIDERS, Match, Provider, provider_named, question_about, recognise
from foundation import outbound

JSON_TYPES = ("application/json", "application/json+oembed", "text/json", "text/javascript")
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/avif")
SHORTENER = "t.co"
SHORTENED = re.compile(r"https?://t\.co/[A-Za-z0-9]{1,20}\Z")
MOST_SHORTENED = 5  # of one post are looked up: each may take the whole time limit

WAIT = "It will be asked again by itself."
BY_HAND = "You can write the text in by hand."


class Why(enum.Enum):
    GONE = "gone"
    NOT_PUBLIC = "not public"
    LATER = "later"  # the platform's or the network's trouble: says nothing about the post
    UNUSABLE = "unusable"
    NEVER = "never"  # this platform cannot be asked


class CannotFetch(Exception):
    """The message is a sentence or two for the editor."""

    def __init__(self, why: Why, sentences: str):
        super().__init__(sentences)
        self.why = why


def askable_providers() -> list[str]:
    """The names of platforms that answer us; of the others we need not even try."""
    return [
        provider.name
        for provider in PROVIDERS
        if provider.endpoint and (settings.META_OEMBED_TOKEN or not provider.needs_token)
    ]


def asked_host(match: Match) -> str | None:
    """Who answers for the post: one host for most platforms, each post's own where there is no common one."""
    question = question_about(match, token=settings.META_OEMBED_TOKEN)
    return urlsplit(question.endpoint).hostname if question else None


def can_be_asked(match: Match) -> bool:
    return match.provider in askable_providers()


def ask(match: Match) -> Post:
    """What the platform tells about the post. Raises CannotFetch. May take seconds: never within a request."""
    provider = provider_named(match.provider)
    question = question_about(match, token=settings.META_OEMBED_TOKEN)
    if question is None:
        raise CannotFetch(Why.NEVER, _cannot_be_asked(provider))
    address, local_origin = _stand_in(match.provider, question.endpoint)
    try:
        answer = outbound.get(
            f"{address}?{urlencode(question.parameters)}",
            hosts=question.hosts,
            content_types=JSON_TYPES,
            local_origin=local_origin,
        )
        return read_answer(match, answer.body)
    except (outbound.OutboundError, Unreadable) as error:
        raise _for_the_editor(error, provider) from error


def match_of_address(address: str) -> Match | None:
    """
    The post behind an address as an editor has it. One that the platform shortened is asked for where it leads, within
    the time limit of the outbound client: for the desk's own questions, never for a save of a text.
    """
    if match := recognise(address):
        return match
    return recognise(_lengthened(address)) if SHORTENED.match(address) else None


def with_true_links(post: Post) -> Post:
    """
    The post with shortened addresses replaced by what they stand for, since the shortener may not outlive the article.
    One that does not answer stays as it is.
    """
    shortened = [link["url"] for link in post.links if urlsplit(link["url"]).hostname == SHORTENER]
    known = {address: _lengthened(address) for address in list(dict.fromkeys(shortened))[:MOST_SHORTENED]}
    text, links = post.text, []
    for link in post.links:
        url = known.get(link["url"]) or link["url"]
        words = link["text"]
        if url != link["url"] and words == link["url"]:
            text, words = text.replace(words, url), url
        links.append({"text": words, "url": url})
    return replace(post, text=text, links=links)


def fetch_picture(provider: Provider, address: str) -> bytes | None:
    """A video's still from one of the platform's own picture hosts; None if there is none to be had."""
    host = urlsplit(address).hostname
    if not provider.keeps_pictures_at(host):
        return None
    stand_in, local_origin = _stand_in(host, f"https://{host}")
    address = stand_in + address.removeprefix(f"https://{host}")
    try:
        answer = outbound.get(address, hosts={host}, content_types=PICTURE_TYPES, local_origin=local_origin)
    except outbound.OutboundError:
        return None
    return answer.body


def _stand_in(name: str, address: str) -> tuple[str, str | None]:
    """The address to ask instead, and its origin, if the settings name one for this platform or host."""
    override = settings.OEMBED_BASE_OVERRIDES.get(name)
    if not override:
        return address, None
    parts = urlsplit(override)
    return override, f"{parts.scheme}://{parts.netloc}"


def _lengthened(address: str) -> str:
    stand_in, local_origin = _stand_in(SHORTENER, f"https://{SHORTENER}")
    path = urlsplit(address).path
    try:
        found = outbound.destination(stand_in + path, hosts={SHORTENER}, local_origin=local_origin)
    except outbound.OutboundError:
        return ""
    return clean_link(found)


def _cannot_be_asked(provider: Provider) -> str:
    if provider.needs_token:
        return f"{provider.site} answers only to holders of an access token, and the site has none. {BY_HAND}"
    return f"{provider.site} tells other sites nothing about its posts. {BY_HAND}"


def _for_the_editor(error: Exception, provider: Provider) -> CannotFetch:
    site = provider.site
    if isinstance(error, outbound.BadAnswer) and error.status != 200:
        return _by_status(error.status, site)
    if isinstance(error, outbound.TooSlow):
        return CannotFetch(Why.LATER, f"{site} did not answer in time. {WAIT}")
    if isinstance(error, outbound.Unreachable):
        return CannotFetch(Why.LATER, f"{site} could not be reached. {WAIT}")
    if isinstance(error, outbound.Refused):
        return CannotFetch(Why.UNUSABLE, f"{site} sent us to an address that we do not visit. {BY_HAND}")
    if isinstance(error, outbound.TooLarge):
        return CannotFetch(Why.UNUSABLE, f"{site} sent far more than a post. {BY_HAND}")
    return CannotFetch(Why.UNUSABLE, f"{site} answered, but not with a description of a post. {BY_HAND}")


def _by_status(status: int, site: str) -> CannotFetch:
    if status in (404, 410):
        return CannotFetch(Why.GONE, f"{site} says there is no such post. Check the address. {BY_HAND}")
    if status in (401, 403):
        return CannotFetch(Why.NOT_PUBLIC, f"{site} does not show this post to the public. {BY_HAND}")
    if status == 429:
        return CannotFetch(Why.LATER, f"{site} asks us to wait. {WAIT}")
    if status >= 500:
        return CannotFetch(Why.LATER, f"{site} is out of order (status {status}). {WAIT}")
    return CannotFetch(Why.UNUSABLE, f"{site} refused to answer (status {status}). {BY_HAND}")
