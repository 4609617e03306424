"""Readers who carry something of their own wherever a request has a place, and what of it is found elsewhere."""

import random
import re
from dataclasses import dataclass

import brotli
from django.contrib.auth import get_user_model
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.middleware.csrf import _get_new_csrf_string, _unmask_cipher_token
from django.test import Client

from articles.models import Article
from pagecache import stores
from pagecache.entries import Entry
from pagecache.keeping import EVERYTHING
from pagecache.stamps import Purge
from tests.comments import making
from tests.pagecache.reader import Answer, Reader
from tests.pagecache.test_whole_site import HEADERS, paths

CANARY = re.compile(r"canary\d+x", re.IGNORECASE)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')
PURGED_EVERY = 150
# Of these pairs are names of headers and parameters that somebody behind or before a cache has listened to.
PARTS = [
    "accept", "akamai", "api", "auth", "base", "backend", "cache", "cdn", "charset", "client", "cluster", "cookie",
    "country", "debug", "device", "edge", "encoding", "env", "feature", "forwarded", "for", "format", "from", "front",
    "geo", "handler", "host", "http", "id", "ip", "key", "lang", "locale", "method", "mode", "origin", "original",
    "override", "path", "port", "prefix", "preview", "proto", "proxy", "query", "real", "referer", "remote",
    "request", "rewrite", "role", "route", "scheme", "script", "server", "session", "site", "src", "target",
    "template", "theme", "token", "true", "uri", "url", "user", "utm", "variant", "version", "via", "view"
]  # fmt: skip


@dataclass
class Identity:
    number: int
    headers: dict[str, str]
    secret: str  # its CSRF secret
    session: str = ""

    @property
    def word(self) -> str:
        return f"canary{self.number}x"


def identities(count: int, article: Article) -> list[Identity]:
    """
    Every third has signed in, every second has a message waiting and a token, and each a comment that waits for a
    moderator.
    """
    return [_identity(number, article) for number in range(count)]


def _identity(number: int, article: Article) -> Identity:
    word, secret, session = f"canary{number}x", _get_new_csrf_string(), ""
    cookies = {"commenter": word, "theme": word, "backs": word}
    if number % 2 == 0:  # a page that is told of these sets cookies of its own, so that even a careless one is not kept
        cookies |= {"csrftoken": secret, "messages": _message(word)}
    if number % 3 == 0:
        user = get_user_model().objects.create(email=f"{word}@example.org", name=word, is_staff=number % 2 == 0)
        client = Client()
        client.force_login(user)
        cookies |= {name: morsel.value for name, morsel in client.cookies.items()}
        session = client.session.session_key
    making.waiting(article, source=f"{word} is still waiting", commenter=making.commenter(name=f"{word} writes"))
    told = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), f"X-{word}": word}
    told[HEADERS[number % len(HEADERS)]] = word
    return Identity(number, told, secret, session)


def _message(words: str) -> str:
    storage = CookieStorage(HttpRequest())
    return storage._encode([Message(constants.INFO, f"{words}: saved")])


def walk(site: Reader, who: list[Identity], folder, *, requests: int, seed: int = 33) -> tuple[list, list]:
    """Anybody asks for anything, and now and then all is purged. What was seen of others, and what was kept."""
    chance, everywhere, seen, kept = random.Random(seed), paths(), [], []
    for turn in range(requests):
        asks, path = chance.choice(who), chance.choice(everywhere)
        if chance.random() < 0.3:
            path += f"?utm_source={asks.word}&{asks.word}=1"
        answer = site.get(path, method=chance.choice(["GET", "GET", "GET", "HEAD"]), **asks.headers)
        if others := of_others(answer, asks, who):
            seen.append((path, asks.number, others))
        if turn % PURGED_EVERY == PURGED_EVERY - 1 or turn == requests - 1:
            kept += in_store(folder, who)
            purge_all()
    return seen, kept


def purge_all() -> None:
    """At once, though a test is one transaction."""
    stores.current().carry_out([Purge(EVERYTHING, is_gone=True)])


def of_others(answer: Answer, asks: Identity, who: list[Identity]) -> set[str]:
    said = answer.text + repr(answer.headers)
    found = {word.lower() for word in CANARY.findall(said)} - {asks.word}
    secrets = {_unmask_cipher_token(token) for token in TOKEN.findall(answer.text)}
    found |= {f"token of {each.number}" for each in who if each is not asks and each.secret in secrets}
    sessions = [each for each in who if each is not asks and each.session]
    return found | {f"session of {each.number}" for each in sessions if each.session in said}


def in_store(folder, who: list[Identity]) -> list[str]:
    """What is somebody's own in stored pages and pieces, unpacked."""
    found = []
    for file in folder.iterdir():
        entry = Entry.from_bytes(file.read_bytes())
        body = entry.bodies["identity"].decode(errors="replace")
        if "br" in entry.bodies:
            assert brotli.decompress(entry.bodies["br"]) == entry.bodies["identity"]
        said = f"{entry.key} {entry.headers} {body}"
        own = {*CANARY.findall(said), *TOKEN.findall(said)} | {each.session for each in who if each.session in said}
        own |= {name for name, _ in entry.headers if name.lower() == "set-cookie"}
        found += [f"{entry.key}: {words}" for words in own if words]
    return found


def poisoned(site: Reader, addresses: list[str], names: list[tuple[str, str]], *, at_once: int) -> list[tuple]:
    """
    Each address is asked for with some of the headers and parameters, while none of its pages is stored, and then by
    somebody who sends none. What that one got otherwise than without the first.
    """
    found = []
    for path in addresses:
        purge_all()
        clean = site.get(path)
        for begin in range(0, len(names), at_once):
            some = names[begin : begin + at_once]
            purge_all()
            parameters = "&".join(f"{parameter}=canary1x" for _, parameter in some)
            site.get(f"{path}?{parameters}", **{header: "canary1x" for header, _ in some})
            after = site.get(path)
            if (after.status, after.body) != (clean.status, clean.body) or CANARY.search(repr(after.headers)):
                found.append((path, some))
    return found


def invented_names(count: int) -> list[tuple[str, str]]:
    """Headers with a parameter each. Without those that decide who is answered from the store at all."""
    pairs = [(one, other) for one in PARTS for other in PARTS]
    random.Random(33).shuffle(pairs)
    given = {"Host", "Cookie", "Authorization"}
    headers = [*(name for name in HEADERS if name not in given), *(f"X-{one}-{other}" for one, other in pairs)]
    parameters = [*PARTS, *(f"{one}_{other}" for one, other in pairs)]
    return list(zip(headers, parameters, strict=False))[:count]
