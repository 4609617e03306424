"""
Whatever text comes in and whatever the layers say of it: it is kept, or the form comes back with it. Tried through the
form's real address.
"""

import contextlib
import dataclasses
from unittest import mock

import hypothesis.extra.django
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from comments import formatting, screening
from comments.models import Comment, CommentSettings, Mode
from comments.screening import honeypot, links, looks, pace, repeated, stamp, words
from comments.views import writing
from tests import factories
from tests.comments.reader import Reader
from tests.proof import examples

LAYERS = (words, pace, honeypot, stamp, links, repeated, looks)
# What a page can show again as it was typed: no control characters, no halves of characters.
TYPED = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffd")
TEXTS = st.one_of(
    st.text(st.one_of(TYPED, st.sampled_from("\n\n <>&*_[]()@:/.")), min_size=1, max_size=300),
    st.sampled_from(
        [
            "Buy viagra: http://a.xyz http://b.xyz http://c.xyz http://d.xyz",
            "а" * 6000,
            "\u202etxet neddiH",
            "Z" + "\u0351" * 40,
            "> quoted\n\nanswered",
            "<script>alert(1)</script>",
            "   words with spaces at the ends   ",
        ]
    ),
)
VERDICTS = st.one_of(
    st.just([]),
    st.just(screening.Refused("Wait a moment.")),
    st.builds(lambda is_spam: [screening.Finding("any", "a reason", is_spam)], st.booleans()),
)


@dataclasses.dataclass(frozen=True)
class Saying:
    """What a layer says in this example, instead of judging."""

    verdict: object

    def __call__(self, _asked):
        if isinstance(self.verdict, screening.Refused):
            raise self.verdict
        return list(self.verdict)


def shown(response) -> str:
    areas = html.fromstring(response.text).xpath("//textarea[@name='text' or @readonly]")
    return (areas[0].text or "") if areas else ""


def check_sending(ada, verdicts, typed, text):
    patches = contextlib.ExitStack()
    for layer, verdict in zip(LAYERS, verdicts, strict=True):
        patches.enter_context(mock.patch.object(layer, "findings", Saying(verdict)))
    with patches:
        response = ada.send(**typed, keeps=False)
    stored = Comment.objects.filter(source=formatting.normalise(text)).first()
    if response.status_code != 303:
        assert response.status_code in (200, 422)
        assert stored is None
        assert shown(response).strip() == text.strip()
        return
    assert stored is not None
    said = [found for verdict in verdicts for found in verdict]
    expected = "spam" if any(found.is_spam for found in said) else "pending" if said else stored.status
    assert stored.status == expected
    assert stored.suspicions.count() == len(said)


class TestNothingIsLost(hypothesis.extra.django.TestCase):
    @given(
        text=TEXTS,
        verdicts=st.lists(VERDICTS, min_size=len(LAYERS), max_size=len(LAYERS)),
        mode=st.sampled_from(list(Mode)),
        sign=st.sampled_from(["good", "none", "forged", "of another article", "old"]),
        trap=st.sampled_from(["", "http://robot.example"]),
    )
    @example(text="Fine.", verdicts=[[]] * len(LAYERS), mode=Mode.NONE_WAITS, sign="good", trap="x")
    @settings(max_examples=examples(40))
    def test_a_text_is_stored_or_shown_again(self, text, verdicts, mode, sign, trap):
        article, ada = factories.published(), Reader()
        ada.open_form(article)
        CommentSettings.objects.create(pk=1, mode=mode)  # it may be closed meanwhile
        signs = {
            "none": {"stamp": None},
            "forged": {"stamp": "1:forged"},
            "of another article": {"stamp": stamp.make(article.pk + 1)},
        }.get(sign, {})
        typed = {"text": text, "website": trap, **ada.typed, **signs}
        with mock.patch.object(stamp, "LIFETIME", -1 if sign == "old" else stamp.LIFETIME):
            check_sending(ada, verdicts, typed, text)


@pytest.mark.django_db
def test_a_form_that_came_back_empty_would_be_noticed(monkeypatch):
    show = writing.Sheet.show
    monkeypatch.setattr(writing.Sheet, "show", lambda sheet, form, **how: show(sheet, sheet.form(), **how))
    ada = Reader()
    ada.open_form(factories.published())
    refusal = [screening.Refused("Wait a moment.")] + [[]] * (len(LAYERS) - 1)
    with pytest.raises(AssertionError):
        check_sending(ada, refusal, {"text": "Where am I?", **ada.typed}, "Where am I?")
