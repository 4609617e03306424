"""What a comment looks like: signs that add up, and none that decides alone."""

import time
from types import SimpleNamespace

import pytest

from comments import screening
from comments.models import CommentSettings
from comments.screening import Candidate, looks, weights
from comments.screening.reading import Reading
from tests import factories
from tests.comments import making

ARTICLE = SimpleNamespace(
    headline="The port that nobody wanted",
    standfirst="Why the council sold the harbour.",
    body="<p>The contract has nineteen pages. See https://harbour.example/plan for the road.</p>",
)


def reading(source, **fields):
    return Reading(Candidate(article=ARTICLE, source=source, **{"name": "Anna", **fields}), CommentSettings())


def reasons(source, **fields):
    return [found.reason for found in looks.findings(reading(source, **fields))]


def points(source, **fields):
    return looks.score(reading(source, **fields))[0]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("Buy сheap viаgra online: http://pills.top", "Letters of two alphabets in one word: “сheap”"),
        ("V1agra, order now http://pills.example", "Digits in place of letters: “v1agra”"),
        ("C A S I N O bonus at lucky dot com", "Words with their letters apart: “c a s i n o”"),
        ("ɢᴇᴛ ғʀᴇᴇ ʙɪᴛᴄᴏɪɴ http://x.top", "Letters of formulas or of phonetic script in place of plain ones"),
        ('<a href="http://x.top">cheap pills</a> buy now', "Markup that this site does not know, as robots send it to every site"),  # noqa: E501
        ("Free spins and a welcome bonus, sign up: http://x.top", "An ending that costs next to nothing: x.top"),
        ("I made $3,000 per week with trading signals, WhatsApp +44 20 7946 0958", "Sums of money and how soon they come"),  # noqa: E501
        ("http://a.example", "Little but links"),
    ],
)  # fmt: skip
def test_advertising_is_held_and_each_reason_is_told(source, told):
    assert told in reasons(source)


@pytest.mark.parametrize(
    "source",
    [
        "WHY WAS NOBODY TOLD OF THIS BEFORE THE VOTE",
        "The casino paid them in bitcoin, cheap at the price.",
        "Great article, thank you!",
        "My rent went from $900 to $1,400 per month.",
        "Ring the council: 020 7946 0958. They must answer about the contract.",
        "Danke, jetzt weiß ich mehr. Das kostet uns alle Geld.",
        "Спасибо за статью, у нас в городе было то же самое.",
        "The contract is here: https://www.gov.uk/plan, page nine.",
        "From 1914-1918 and 1939-1945, 2.500.000 tons; ISBN 978-3-16-148410-0.",
        "😡😡😡😡😡😡😡 shame!!!!!!!",
    ],
)
def test_what_honest_people_do_now_and_then_is_not_held(source):
    assert reasons(source) == []


def test_a_name_that_is_an_address_or_a_keyword_is_held_with_the_least_of_praise():
    for name in ("www.shop.example", "Best Online Casino", "Cheap Viagra"):
        assert reasons("Nice article, keep it up!", name=name)
    for name in ("George Best", "Rich", "Ms Price", "Anna B. Loan-Smith"):
        assert not reasons("Nice article, keep it up!", name=name)


def test_a_way_to_answer_weighs_more_in_words_that_have_nothing_to_do_with_the_article():
    stray = "Residential plots with a sea view, gated. Text +44 20 7946 0958"
    about = "The harbour contract, residential or not: ask the council. Text +44 20 7946 0958"
    assert points(stray) - points(about) > 3


def test_links_to_what_readers_cite_and_to_what_the_article_links_are_no_advertisement():
    for address in ("https://en.wikipedia.org/wiki/Port", "https://harbour.example/plan", "https://www.bbc.co.uk/1"):
        assert points(f"Somebody ought to look at the tables in this: {address}") <= 0
    assert points("Somebody ought to look at the tables in this: https://tables.example/") > 0


def test_a_reply_is_held_against_what_it_answers_as_well():
    parent = SimpleNamespace(source="My tomatoes and aubergines have blight.")
    source = "For tomatoes and aubergines try copper: https://tables.example/ or +44 20 7946 0958"
    assert reading(source).is_about_the_article is False
    assert reading(source, parent=parent).is_about_the_article is True


@pytest.mark.django_db
def test_somebody_whose_comment_was_approved_may_link_but_typing_their_address_earns_nothing():
    article = factories.published()
    person = making.trusted(article)
    source = "Quite another matter: https://tables.example/ and sofas at www.tables.top, cheap, buy now"
    fields = {"article": article, "source": source, "name": "Anna", "commenter": person}
    assert screening.examine(Candidate(**fields))
    assert not screening.examine(Candidate(**fields, is_proven=True))


def test_many_signs_are_spam_and_few_only_wait():
    few = looks.findings(reading("http://a.example"))
    many = looks.findings(reading("Buy viagra and cialis without prescription, order now: http://pills.top"))
    assert [found.is_spam for found in few] == [False] * len(few) != []
    assert all(found.is_spam for found in many)


def test_the_data_is_whole_and_every_sign_has_its_points():
    assert weights.WAITS_AT < weights.SPAM_AT
    assert len(weights.TRADES) == 8
    assert all(vocabulary.phrases.patterns for vocabulary in weights.ALL_WORDS)


@pytest.mark.parametrize(
    "text", ["1 " * 10_000, "+" * 20_000, "a@" * 9_000, "$1" * 9_000, "0x" * 9_000, "http://" * 2_800, "(" * 20_000]
)
def test_no_text_takes_long_to_look_at(text):
    begun = time.process_time()
    looks.score(reading(text))
    assert time.process_time() - begun < 2
