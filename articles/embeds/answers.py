"""
A platform's answer about a post, read into plain fields. Nothing in it is trusted: keys may be missing or of any
type, text may hold control characters and reversals of direction, links may be scripts. Pure.
"""

import datetime as dt
import json
import re
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from articles.embeds import markup
from articles.embeds.providers import Match, provider_named, recognise

LONGEST_TEXT = 25_000
LONGEST_LINE = 200
LONGEST_TITLE = 300
LONGEST_LINK = 2_000
MOST_LINKS = 50

# Reversals and embeddings of direction could spill into our page. Marks (LRM, RLM) and joiners are part of writing.
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\u2028\u2029")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_NO_LANGUAGE = frozenset({"und", "zxx", "art"})
_OLD_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}
_MEDIA_WORDS = re.compile(r"pic\.(?:twitter|x)\.com/\S+|\[image or embed\]")
_DATE_FORMATS = ("%B %d, %Y", "%b %d, %Y", "%B %d, %Y at %I:%M %p", "%b %d, %Y at %I:%M %p")
_SIGNED_HANDLE = re.compile(r"\(@([\w.@-]{1,100})\)")
_HANDLES = {
    "tweet": (re.compile(r"https?://(?:www\.)?(?:twitter|x)\.com/([A-Za-z0-9_]{1,20})/?\Z"), "{0}"),
    "bluesky": (re.compile(r"https://bsky\.app/profile/((?:[A-Za-z0-9-]+\.)+[A-Za-z]+)/?\Z"), "{0}"),
    "mastodon": (re.compile(r"https://([a-z0-9.-]+)/(?:@|users/)(\w{1,60})/?\Z"), "{1}@{0}"),
    "youtube": (re.compile(r"https://www\.youtube\.com/@([\w.-]{1,60})/?\Z"), "{0}"),
    "tiktok": (re.compile(r"https://www\.tiktok\.com/@([\w.]{1,30})/?\Z"), "{0}"),
}


class Unreadable(ValueError):
    """The answer does not describe a post."""


@dataclass(frozen=True)
class Post:
    """What one answer told. Empty means untold."""

    raw_reply: str
    url: str = ""
    author_name: str = ""
    author_handle: str = ""
    author_url: str = ""
    title: str = ""
    text: str = ""
    language: str = ""
    links: list[dict[str, str]] = field(default_factory=list)
    posted_on: dt.date | None = None
    picture_url: str = ""


def read_answer(match: Match, body: bytes) -> Post:
    """The fields of one oEmbed answer. Raises Unreadable if it is no JSON object or tells nothing about a post."""
    data = _json_object(body)
    quotation = markup.read_quotation(_text_of(data, "html", limit=None))
    author_url = clean_link(_text_of(data, "author_url", limit=500))
    tells_text = provider_named(match.provider).tells_text
    text, links = _words_and_links(quotation) if tells_text else ("", [])
    title = clean_line(_text_of(data, "title"), LONGEST_TITLE)
    post = Post(
        raw_reply=clean_text(body.decode("utf-8", "replace"), None),
        url=_same_post(match, _text_of(data, "url", limit=LONGEST_LINK)),
        author_name=clean_line(_text_of(data, "author_name"), LONGEST_LINE),
        author_handle=_handle(match.provider, author_url, quotation.after if tells_text else quotation.text),
        author_url=author_url,
        title=title,
        text=text,
        language=clean_language(quotation.language),
        links=links,
        posted_on=_day(quotation),
        picture_url=clean_link(_text_of(data, "thumbnail_url", limit=LONGEST_LINK)),
    )
    if not (post.text or post.title or post.author_name or post.author_handle):
        raise Unreadable("the answer tells neither text nor title nor author")
    return post


def clean_text(value: str, limit: int | None = LONGEST_TEXT) -> str:
    """Text that a database can keep and a page can show: line breaks stay, what is invisible and harmful goes."""
    kept = "".join(letter for letter in value.replace("\r\n", "\n") if letter == "\n" or _is_harmless(letter))
    return unicodedata.normalize("NFC", kept).strip()[:limit]


def clean_line(value: str, limit: int = LONGEST_LINE) -> str:
    return " ".join(clean_text(value, None).split())[:limit].strip()


def clean_link(address: str) -> str:
    """The address if it is one that a reader may safely follow, else nothing; without what only tracks."""
    address = clean_text(address, None)
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    if not is_web or len(address) > LONGEST_LINK or re.search(r"[\s<>\"\\]", address):
        return ""
    if "ref_src=" in parts.query:
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "ref_src"]
        parts = parts._replace(query=urlencode(kept))
    return parts.geturl()


def clean_language(code: str) -> str:
    code = _OLD_LANGUAGES.get(code.lower(), code)
    if not _LANGUAGE.match(code) or code.lower() in _NO_LANGUAGE or code.lower().startswith("q") or len(code) > 12:
        return ""
    return code


def names_media(words: str) -> bool:
    """Whether a link stands for a picture or video that the answer does not carry."""
    return bool(_MEDIA_WORDS.fullmatch(words))


def _json_object(body: bytes) -> dict:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("the answer is not JSON") from error
    if not isinstance(data, dict):
        raise Unreadable("the answer is not a JSON object")
    return data


def _text_of(data: dict, name: str, *, limit: int | None = 5_000) -> str:
    value = data.get(name)
    return value[:limit] if isinstance(value, str) else ""


def _is_harmless(letter: str) -> bool:
    return (
        letter not in _DIRECTION_CONTROLS
        and unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Co")
        or (letter == "\t")
    )


def _words_and_links(quotation: markup.Quotation) -> tuple[str, list[dict[str, str]]]:
    """The post's words and links. Words that only stand for a picture leave the text and stay among the links."""
    links = []
    for words, address in quotation.links[:MOST_LINKS]:
        if url := clean_link(address):
            links.append({"text": clean_line(words, LONGEST_TITLE), "url": url})
    text = _MEDIA_WORDS.sub("", clean_text(quotation.text))
    return re.sub(r"[ \t]+(?=\n|\Z)", "", text).strip(), [link for link in links if link["text"]]


def _same_post(match: Match, address: str) -> str:
    """The address the platform itself gives, which knows the author's name; nothing if it is another post's."""
    found = recognise(address)
    return found.url if found is not None and found.key == match.key else ""


def _handle(provider: str, author_url: str, signature: str) -> str:
    """Taken from the author's address, which the platform makes; from the signature only where there is none."""
    if provider in _HANDLES:
        pattern, form = _HANDLES[provider]
        if match := pattern.match(author_url):
            return form.format(*match.groups())
    match = _SIGNED_HANDLE.search(clean_line(signature, LONGEST_TITLE)) if not author_url else None
    return match[1] if match and match[1].isascii() else ""


def _day(quotation: markup.Quotation) -> dt.date | None:
    """The date in the signature: the last link behind the words."""
    for words, _ in reversed(quotation.after_links):
        for form in _DATE_FORMATS:
            try:
                return dt.datetime.strptime(" ".join(words.split()), form).date()  # noqa: DTZ007
            except ValueError:
                continue
    return None
