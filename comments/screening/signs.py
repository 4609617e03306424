"""
The signs that `looks` adds up: each function reads one thing and yields how many points it gives and why. None is a
verdict; nearly all of them are met by honest people now and then.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from comments import folding
from comments.screening import addresses, weights
from comments.screening.reading import Reading
from comments.screening.weights import POINTS

MONEY = re.compile(r"[$€£₿]\s?\d|\d\s?(?:[$€£₽]|usd|dollars?|euros?|btc|eth)\b", re.IGNORECASE)
HOW_OFTEN = re.compile(
    r"\b(?:per|an?|each|every|in) (?:day|week|month|hour|\d{1,3} (?:days|weeks|hours|months))\b|\b(?:daily|weekly)\b",
    re.IGNORECASE,
)
TELEPHONE = re.compile(r"(?<![\d.,/-])(?:\+|00|\()?\d[\d ()\-./]{7,20}\d(?![\d.,]?\d)")
WALLET = re.compile(
    r"\b(?:0x[0-9a-fA-F]{40}|bc1[a-z0-9]{25,60}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|T[1-9A-HJ-NP-Za-km-z]{33})\b"
)
MARKUP = re.compile(r"<a\s|</a>|\[url\b|\[/url\]|\[link\b|<script|href\s?=", re.IGNORECASE)
LINKED_TEXT = re.compile(r"\]\(\s?(?:https?:|www\.)", re.IGNORECASE)
HANDLE = re.compile(r"(?<![\w.])@[A-Za-z]\w{3,31}\b")
LETTERS_BESIDE_LINKS, LETTERS_PER_LINK = 12, 8
DIGITS_FOR_LETTERS = str.maketrans("013457$@", "oieastsa")


@dataclass(frozen=True)
class Sign:
    points: float
    reason: str
    kind: str = ""  # trade, contact, urging: what is counted together


def _sign(what: str, reason: str, kind: str = "") -> Sign:
    return Sign(POINTS[what], reason, kind)


def of_the_name(reading: Reading) -> Iterator[Sign]:
    name = reading.candidate.name
    hosts = addresses.links(name)
    if hosts or addresses.mail_addresses(name):
        yield _sign("name is an address", "The name holds an address")
    elif _is_keyword([folding.without_accents(word) for word in reading.name_words]):
        yield _sign("name is a keyword", f"The name is what advertisers search for: “{name[:60]}”")
    if len(reading.name_words) > 5:
        yield _sign("long name", "The name has more than five words")


def of_links(reading: Reading) -> Iterator[Sign]:
    if not reading.links:
        return
    source, hosts = reading.candidate.source, [link.host for link in reading.links]
    if reading.advertised:
        yield _sign("link by a newcomer", "A link by somebody of whom nothing was published yet", "contact")
    if sum(map(str.isalpha, reading.beside_links)) < LETTERS_BESIDE_LINKS + LETTERS_PER_LINK * len(hosts):
        yield _sign("little but links", "Little but links")
    if LINKED_TEXT.search(source):
        yield _sign("link with a text", "A link that hides behind words")
    if any(link.is_disguised for link in reading.links):
        yield _sign("disguised address", "An address is written so that no machine should see it")
    if cheap := [host for host in hosts if host.rpartition(".")[2] in weights.CHEAP_ENDINGS]:
        yield _sign("cheap ending", f"An ending that costs next to nothing: {cheap[0][:80]}")
    if any(host in weights.SHORTENERS for host in hosts):
        yield _sign("shortened address", "A shortened address, which hides where it leads")
    if any(host.replace(".", "").isdigit() for host in hosts):
        yield _sign("bare number as host", "A link to a bare number")


def of_contacts(reading: Reading) -> Iterator[Sign]:
    source = unicodedata.normalize("NFKC", reading.candidate.source)
    if MARKUP.search(source):
        yield _sign("foreign markup", "Markup that this site does not know, as robots send it to every site", "contact")
    if reading.mail_addresses:
        yield _sign("mail address", f"A mail address: {reading.mail_addresses[0][:80]}", "contact")
    if _telephone(source):
        yield _sign("telephone number", "A telephone number", "contact")
    messenger_hosts = {"t.me", "wa.me", "telegram.me"} & {link.host for link in reading.links}
    is_messenger = bool(weights.MESSENGERS.met(reading.plain_words))
    if messenger_hosts or (is_messenger and (HANDLE.search(source) or _telephone(source) or _has_account(reading))):
        yield _sign("messenger", "Asks to be written to on a messenger", "contact")
    if WALLET.search(source):
        yield _sign("wallet", "The number of a wallet", "contact")


def of_words(reading: Reading) -> Iterator[Sign]:
    words = [_undisguised(word) for word in reading.plain_words]
    for vocabulary, met in weights.met(words).items():
        kind = "trade" if vocabulary in weights.TRADES else "urging" if vocabulary is weights.URGING else ""
        yield Sign(vocabulary.points(met), f"Words of {vocabulary.name}: {', '.join(met[:5])}", kind)
    source = reading.candidate.source
    if MONEY.search(source) and HOW_OFTEN.search(source):
        yield _sign("promise of money", "Sums of money and how soon they come")


def of_letters(reading: Reading) -> Iterator[Sign]:
    source = reading.candidate.source
    letters = [character for character in source if character.isalpha()]
    if len(letters) >= 20 and sum(map(str.isupper, letters)) > 0.7 * len(letters):
        yield _sign("capitals", "Written in capitals")
    if source.count("!") >= 6:
        yield _sign("exclamation marks", "Many exclamation marks")
    if sum(unicodedata.category(character) == "So" for character in source) >= 6:
        yield _sign("many signs", "Many pictures")
    if disguised := [word for word in folding.raw_words(source) if folding.is_disguised(word)]:
        told = f"Letters of two alphabets in one word: “{disguised[0][:40]}”"
        yield Sign(min(POINTS["mixed alphabets"] * len(disguised), 6), told)
    if folding.dressed_letters(source) >= 5:
        yield _sign("dressed letters", "Letters of formulas or of phonetic script in place of plain ones")
    if apart := _letters_apart(reading.words):
        yield _sign("letters apart", f"Words with their letters apart: “{apart[:40]}”")
    if odd := _digits_for_letters(reading.words):
        yield _sign("digits for letters", f"Digits in place of letters: “{odd[:40]}”")


def of_language(reading: Reading) -> Iterator[Sign]:
    told = folding.scripts(reading.candidate.source)
    usual = weights.SCRIPTS.get(settings.LANGUAGE_CODE.partition("-")[0], {"LATIN"}) | {"LATIN"}
    other = sum(count for name, count in told.items() if name not in usual)
    if other > 0.6 * sum(told.values()) and other >= 10:
        yield _sign(
            "other script", f"Mostly in another script than the site’s: {told.most_common(1)[0][0].lower()}", "trade"
        )


def of_the_article(reading: Reading) -> Iterator[Sign]:
    if reading.is_about_the_article:
        yield _sign("about the article", "Speaks of what the article is about")


def of_haste(reading: Reading) -> Iterator[Sign]:
    seconds = reading.candidate.form_age_seconds
    if seconds is not None and seconds < 10 and len(reading.candidate.source) > 20 * (seconds + 1):
        yield _sign("too quick", f"{len(reading.candidate.source)} characters in {int(seconds)} seconds")


def _is_keyword(name: list[str]) -> bool:
    """Something from a trade, or mostly such words: nobody is called Best Casino Bonus."""
    common = sum(bool(weights.COMMON.met([word])) for word in name)
    return (len(name) > 1 and common * 2 > len(name)) or any(vocabulary.met(name) for vocabulary in weights.TRADES)


def _telephone(text: str) -> bool:
    return any(
        9 <= sum(c.isdigit() for c in found[0]) <= 15 and _is_dialled(found[0]) for found in TELEPHONE.finditer(text)
    )


def _is_dialled(text: str) -> bool:
    """Not a span of years, nor one long number as statistics have it."""
    return text.startswith(("+", "00", "(")) or len(re.split(r"[ ()\-./]+", text.strip())) >= 3


def _has_account(reading: Reading) -> bool:
    """A word of letters and digits, as accounts are called, or urging."""
    is_account = any(len(w) > 4 and w.isascii() and not w.isalpha() and not w.isdigit() for w in reading.words)
    return is_account or bool(weights.URGING.met(reading.plain_words))


def _undisguised(word: str) -> str:
    if word.isalpha() or not any(c.isalpha() for c in word) or not any(c.isdigit() for c in word):
        return word
    return word.translate(DIGITS_FOR_LETTERS)


def _letters_apart(words: list[str]) -> str:
    """A run of five single letters or more: c a s i n o."""
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isascii() and word.isalpha():
            run.append(word)
            continue
        if len(run) >= 5:
            return " ".join(run)
        run = []
    return ""


def _digits_for_letters(words: list[str]) -> str:
    """A word of some trade that is one only with its digits read as letters."""
    trades = (*weights.TRADES, weights.COMMON)
    odd = [word for word in words if _undisguised(word) != word]
    return next((word for word in odd if any(trade.met([_undisguised(word)]) for trade in trades)), "")
