"""
The figures of `docs/proofs.md`: how much spam the layers hold, and how few readers. No honeypot, no clock and no
service helps them here, and every writer is new.
"""

import re
from pathlib import Path

import pytest

from comments.screening import weights
from tests import factories
from tests.comments import genuine_set, held_out_set, spam_set
from tests.comments.measuring import measure

PROOFS = Path(__file__).parents[2] / "docs" / "proofs.md"
pytestmark = pytest.mark.django_db


@pytest.fixture
def articles():
    return [factories.published(headline=h, standfirst=s, body=b) for h, s, b in genuine_set.ARTICLES]


def told(what: str) -> float:
    """The percentage that the page of proofs tells."""
    row = re.search(rf"^\| {re.escape(what)} \|.*\| ([\d.]+) % \|$", PROOFS.read_text(), re.MULTILINE)
    assert row, f"docs/proofs.md has no row for {what}"
    return float(row[1])


def assert_told(what: str, measured) -> None:
    assert told(what) == pytest.approx(measured.share_held * 100, abs=0.06), measured.table()


def test_at_least_98_percent_of_two_thousand_spam_comments_are_held(articles):
    samples = spam_set.samples()
    assert len(samples) == 2000
    measured = measure(samples, articles)
    assert measured.share_held >= 0.98, measured.table()
    assert_told("Spam", measured)


def test_at_most_half_a_percent_of_two_thousand_genuine_comments_are_held(articles):
    samples = genuine_set.samples()
    assert len(samples) == 2000
    measured = measure(samples, articles)
    assert measured.share_held <= 0.005, [(sample.source, found) for sample, found in measured.reasons]
    assert not measured.spam.total(), "a reader was taken for a spammer"
    assert_told("Genuine", measured)


def test_kinds_the_words_were_not_chosen_for_are_held_as_the_proofs_say(articles):
    assert_told("Spam of other trades", measure(held_out_set.spam(), articles))
    assert_told("Genuine of other kinds", measure(held_out_set.genuine(), articles, first_number=5_000))


def test_kinds_seen_only_once_are_held_as_the_proofs_say(articles):
    assert_told("Spam seen once", measure(held_out_set.last_spam(), articles))
    assert_told("Genuine seen once", measure(held_out_set.last_genuine(), articles, first_number=5_000))


def test_the_figures_come_from_the_layers_and_not_from_the_sets(articles, monkeypatch):
    """Without its looks the screening would hold a fifth at most."""
    monkeypatch.setattr(weights, "WAITS_AT", 1_000)
    assert measure(spam_set.samples()[::10], articles).share_held < 0.2
