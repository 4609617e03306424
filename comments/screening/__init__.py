"""
Screening: what each layer finds in a comment, before a verb decides what becomes of it. Nothing here changes a
comment, and nothing is dropped: a finding makes a comment wait, or spam that is kept, and a refusal goes back to the
form with the text. Each layer has a module and says its reasons in words that a tired moderator understands.
"""

from comments.findings import Finding, Refused
from comments.models import CommentSettings
from comments.screening import honeypot, links, looks, pace, repeated, service, stamp, words
from comments.screening.reading import Candidate, Reading
from comments.screening.service import ask_about

__all__ = ["Candidate", "Finding", "Refused", "ask_about", "examine"]


def examine(candidate: Candidate) -> list[Finding]:
    """
    Everything the layers found; empty for most, and for people who work here. Raises Refused for what is not taken: a
    word of a rule that says so, a pace nobody types. Ask once per sending, and outside a transaction, since the pace is
    counted here. When the comment is kept, call `ask_about` with it.
    """
    reading = Reading(candidate, CommentSettings.load())
    found = words.findings(reading)
    found += pace.findings(candidate)
    if reading.is_of_staff:
        return []
    for layer in (honeypot, stamp, links, repeated, looks):
        found += layer.findings(reading)
    return found + service.findings_so_far(found)
