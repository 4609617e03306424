"""A post's plain text as HTML: paragraphs, line breaks, and links that show where they really lead."""

import re
from urllib.parse import urlsplit

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST_SHOWN = 40
_ADDRESS = r"https?://[^\s<>\"“”«»]+[^\s<>\"“”«».,;:!?)\]'’]"
_LOOKS_LIKE_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@#/]+\.[^\W\d_]{2,}(?:/\S*)?")


def paragraphs(text: str, links: list[dict[str, str]]) -> SafeString:
    """`links` are the rows an Embed keeps: their words become links where they stand. So do bare addresses."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return format_html_join("\n", "<p>{}</p>", ((_lines(block, links),) for block in blocks))


def shown_address(url: str) -> str:
    """Host and the beginning of the path. A host in another script is shown in its letters' code, so none can pose."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if not host.isascii():
        host = _coded(host)
    rest = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    shown = host + rest
    return shown if len(shown) <= LONGEST_SHOWN else shown[: max(LONGEST_SHOWN, len(host) + 8)] + "…"


def _coded(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")


def _lines(block: str, links: list[dict[str, str]]) -> SafeString:
    return format_html_join(SafeString("<br>\n"), "{}", ((_linked(line, links),) for line in block.split("\n")))


def _linked(line: str, links: list[dict[str, str]]) -> SafeString:
    known = {link["text"]: link["url"] for link in reversed(links) if link.get("text") and link.get("url")}
    words = sorted(known, key=len, reverse=True)
    found = re.compile("|".join([*map(re.escape, words), _ADDRESS]))
    pieces, end = [], 0
    for match in found.finditer(line):
        pieces += [line[end : match.start()], _link(match[0], known.get(match[0], match[0]))]
        end = match.end()
    pieces.append(line[end:])
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _link(words: str, url: str) -> SafeString | str:
    """Words that look like an address are replaced by the true one: "bank.example" never leads elsewhere."""
    if not url.startswith(("http://", "https://")):
        return words
    shown = shown_address(url) if _LOOKS_LIKE_ADDRESS.fullmatch(words) else words
    return format_html('<a href="{}" rel="nofollow noopener">{}</a>', url, shown)
