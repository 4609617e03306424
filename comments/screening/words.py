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


class Rules:
    """The rules of one moment, taken apart. A rule that cannot be used, which the admin refuses, is passed over."""

    def __init__(self, rows: tuple[Row, ...]):
        self.rows = rows
        self.effects = {pattern: effect for text, effect in rows if (pattern := _usable(text))}
        self._in_words = patterns.PatternSet(self.effects)
        self._of_hosts = [pattern for pattern in self.effects if pattern.host]

    def met(self, reading: Reading) -> dict[patterns.Pattern, tuple[str, str]]:
        """What each met and where, in the order of the rules."""
        found = {pattern: (host, "among the addresses") for pattern in self._of_hosts
                 if (host := pattern.met_host(reading.hosts))}  # fmt: skip
        for words, where in ((reading.name_words, "in the name"), (reading.words, "in the comment")):
            found.update((pattern, (met[:80], where)) for pattern, met in self._in_words.met(words).items())
        return {pattern: found[pattern] for pattern in self.effects if pattern in found}


_last_read = Rules(())


def rules() -> Rules:
    global _last_read
    rows = tuple(WordRule.objects.order_by("pk").values_list("pattern", "effect"))
    known = _last_read
    if rows != known.rows:
        known = _last_read = Rules(rows)
    return known


def findings(reading: Reading) -> list[Finding]:
    """Raises Refused when a rule says that the comment is not taken at all."""
    known, found = rules(), []
    for pattern, (what, where) in known.met(reading).items():
        effect = known.effects[pattern]
        if effect == WordRule.Effect.REFUSED:
            raise Refused(
                f"“{what}” {where} is not taken here. Change it and send it again; nothing you wrote is lost.",
                field="name" if where == "in the name" else "source",
            )
        reason = f"“{what}” {where}; the word rule is “{pattern.text}”"
        found.append(Finding(LAYER, reason[:300], is_spam=effect == WordRule.Effect.SPAM))
    return found


def _usable(text: str) -> patterns.Pattern | None:
    try:
        return patterns.parse(text)
    except patterns.Unusable:
        return None
