"""
The web addresses in a text, also those that are written so that no machine should see them: without a scheme, with
"[.]" or "(dot)" for the dot. Reads each character a fixed number of times, whatever is sent.
"""

import re
import unicodedata
from dataclasses import dataclass

# Endings taken for a host where nothing else says that it is one. "Right.In the end" must not become a link.
_ENDINGS = """
    com net org info biz io ru cn ua xyz top site online shop store club live pro tk ml ga cf gq pw cc ws tv app dev
    link click vip win bid loan men date stream download trade science website tech fun icu cyou cfd sbs bet casino
    porn sex xxx de uk fr es pl nl eu gov edu mil int news blog life world today email agency network money cash
    finance exchange dating health cheap guru best rest example test invalid
"""
# These are words as well: only with a path behind them.
_ENDINGS_WITH_PATH = "co me ly gl gd to is it in so at us be re am fm tr ai la st ee"
_HOSTS_END, _HOSTS_WITH_PATH_END = frozenset(_ENDINGS.split()), frozenset(_ENDINGS_WITH_PATH.split())
_APART = re.compile(r"[\s<>\"'()\[\]{}|,;«»“”]+")
_WRITTEN_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot|punkt|punto|точка)\s?[\])}]\s?", re.IGNORECASE)
_SPOKEN_DOT = re.compile(r"(?<=\w) dot (?=(?:com|net|org|ru|info|xyz|shop|site|top|online)\b)", re.IGNORECASE)
_SCHEME = re.compile(r"(?:h[tx]{2}ps?|ftp):/{1,2}", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    host: str
    length: int  # of the address as typed
    is_disguised: bool = False


def links(text: str) -> list[Link]:
    text = unicodedata.normalize("NFKC", text)
    plain = _SPOKEN_DOT.sub(".", _WRITTEN_DOT.sub(".", text))
    return _found(plain) if plain == text else _with_disguised(text, plain)


def mail_addresses(text: str) -> list[str]:
    chunks = _APART.split(unicodedata.normalize("NFKC", text).replace("mailto:", " "))
    return [chunk.strip(".:!?*_~").lower() for chunk in chunks if _is_mail(chunk.strip(".:!?*_~"))]


def host_matches(pattern: str, host: str) -> bool:
    """`shop.example` is met by itself and everything below it; `*.example` by everything below example."""
    bare = pattern.removeprefix("*.")
    return host.endswith("." + bare) or (host == bare and not pattern.startswith("*."))


def _with_disguised(text: str, plain: str) -> list[Link]:
    """All links; those that only the plain writing shows are marked."""
    open_hosts = {link.host for link in _found(text)}
    return [Link(link.host, link.length, link.is_disguised or link.host not in open_hosts) for link in _found(plain)]


def _found(text: str) -> list[Link]:
    found = []
    for chunk in _APART.split(text):
        parts = _SCHEME.split(chunk)
        for number, part in enumerate(parts):
            host = _host(part, has_scheme=number > 0)
            if host:
                is_odd = number > 0 and "hxxp" in chunk.lower()
                found.append(Link(host, len(part), is_disguised=is_odd))
    return found


def _host(part: str, *, has_scheme: bool) -> str:
    """The host at the beginning of a word, or nothing."""
    part = part.strip(".:!?*_~`…")
    if not has_scheme and "@" in part.partition("/")[0]:
        return ""
    authority = re.split(r"[/?#\\]", part, maxsplit=1)[0]
    host = authority.rpartition("@")[2].partition(":")[0].strip(".*_~`").lower()
    if "." not in host or len(host) > 253:
        return ""
    if has_scheme or host.startswith("www."):
        return host.removeprefix("www.")
    labels = host.split(".")
    if not all(label and label.replace("-", "").isalnum() for label in labels) or labels[-2].isdigit():
        return ""
    has_path = "/" in part
    is_host = labels[-1] in _HOSTS_END or (has_path and labels[-1] in _HOSTS_WITH_PATH_END)
    return host if is_host and (part[: len(host)] == host or has_path) else ""


def _is_mail(chunk: str) -> bool:
    name, at, host = chunk.rpartition("@")
    return bool(at and name and "." in host and "/" not in chunk and host.replace(".", "").replace("-", "").isalnum())
