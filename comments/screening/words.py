"""
The word rules that moderators keep. Every question reads the rules' rows, which are few; they are taken apart only when
one of them has changed, in each process for itself. So no process ever judges by rules that are gone.
"""

from comments.findings import Finding, Refused
from comments.models import WordRule
from comments.screening import patterns
from comments.screening.reading import Reading

LAYER = "words"

type Row = tuple[str, str]

# One name for both, so that no thread sees the rows of one moment with the rules of another.
_last_read: tuple[tuple[Row, ...], list[tuple[patterns.Pattern, str]]] = ((), [])


def findings(reading: Reading) -> list[Finding]:
    """Raises Refused when a rule says that the comment is not taken at all."""
    found = []
    for pattern, effect in rules():
        told = _met(pattern, reading)
        if not told:
            continue
        what, where = told
        if effect == WordRule.Effect.REFUSED:
            raise Refused(
                f"“{what}” {where} is not taken here. Change it and send it again; nothing you wrote is lost.",
                field="name" if where == "in the name" else "source",
            )
        reason = f"“{what}” {where}; the word rule is “{pattern.text}”"
        found.append(Finding(LAYER, reason[:300], is_spam=effect == WordRule.Effect.SPAM))
    return found


def rules() -> list[tuple[patterns.Pattern, str]]:
    """The rules taken apart. One that cannot be used, which the admin does not let through, is passed over."""
    global _last_read
    rows = tuple(WordRule.objects.order_by("pk").values_list("pattern", "effect"))
    known, compiled = _last_read
    if rows != known:
        compiled = [(pattern, effect) for text, effect in rows if (pattern := _usable(text))]
        _last_read = (rows, compiled)
    return compiled


def meets(pattern: patterns.Pattern, reading: Reading) -> bool:
    return _met(pattern, reading) is not None


def _usable(text: str) -> patterns.Pattern | None:
    try:
        return patterns.parse(text)
    except patterns.Unusable:
        return None


def _met(pattern: patterns.Pattern, reading: Reading) -> tuple[str, str] | None:
    """What was met and where."""
    if host := pattern.met_host(reading.hosts):
        return host, "among the addresses"
    if met := pattern.found_in(reading.words, reading.known_words):
        return met[:80], "in the comment"
    if met := pattern.found_in(reading.name_words, frozenset(reading.name_words)):
        return met[:80], "in the name"
    return None
