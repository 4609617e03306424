"""The layers that need no vocabulary: the honeypot, the stamp, links, repeated words and the pace."""

import datetime as dt

import pytest
import time_machine
from django.core import signing

from comments import formatting, moderation, networks, screening
from comments.models import CommentSettings
from comments.screening import Candidate, pace, stamp
from foundation import clock
from tests import factories
from tests.comments import making

NOON = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)
LONG_WORDS = "The council had the letter for nine months before anybody at the port was told of it, and said nothing."

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(
        at=clock.now() - dt.timedelta(days=30),
        headline="The port that nobody wanted",
        standfirst="Why the council sold the harbour.",
    )


def layers(article, source=LONG_WORDS, **fields):
    """The names of the layers that found something."""
    return {found.layer for found in examine(article, source, **fields)}


def examine(article, source=LONG_WORDS, **fields):
    fields = {"name": "Anna", "email": "anna@example.org", "address": "203.0.113.9", "form_age_seconds": 60, **fields}
    return screening.examine(Candidate(article=article, source=source, **fields))


def test_a_plain_comment_is_found_to_be_nothing(article):
    assert examine(article) == []


@pytest.mark.parametrize(("by_code", "is_proven", "found"), [(False, True, 0), (True, True, 1), (False, False, 1)])
def test_only_who_came_in_at_the_desk_is_spared(article, by_code, is_proven, found):
    editor = factories.editor()
    editor.signed_in_by_code = by_code
    person = making.commenter(user=editor)
    told = examine(article, honeypot="x", commenter=person, user=editor, is_proven=is_proven)
    assert len(told) == found


def test_staff_known_by_a_letters_cookie_alone_are_not_spared(article):
    person = making.commenter(user=factories.editor())
    assert len(examine(article, honeypot="x", commenter=person, is_proven=True)) == 1


def test_a_filled_honeypot_is_spam_and_an_empty_one_is_not(article):
    (found,) = examine(article, honeypot="http://x.example")
    assert found.is_spam
    assert found.reason == "A field that people cannot see was filled in"
    assert examine(article, honeypot="  ") == []


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.4, "less than a second"), (1.2, "1 second"), (2.9, "2 seconds")],
)
def test_a_form_sent_within_three_seconds_waits_and_says_how_soon_it_came(article, seconds, told):
    found = [f for f in examine(article, "Quite right.", form_age_seconds=seconds) if f.layer == "stamp"]
    assert [(f.reason, f.is_spam) for f in found] == [(f"The form was sent {told} after it was opened", False)]


def test_a_form_sent_after_three_seconds_or_an_edit_is_not_too_quick(article):
    assert examine(article, "Quite right.", form_age_seconds=3) == []
    assert examine(article, "Quite right.", form_age_seconds=1, is_edit=True) == []


def test_a_stamp_tells_its_age_and_fits_its_article_alone():
    with time_machine.travel(NOON, tick=False):
        made = stamp.make(7)
    with time_machine.travel(NOON + dt.timedelta(seconds=90), tick=False):
        assert stamp.age(made, 7) == pytest.approx(90)
        with pytest.raises(stamp.Forged):
            stamp.age(made, 8)


def test_a_stamp_older_than_a_day_is_refused_in_words_that_promise_the_text():
    with time_machine.travel(NOON, tick=False):
        made = stamp.make(7)
    with time_machine.travel(NOON + dt.timedelta(hours=24), tick=False):
        assert stamp.age(made, 7) == pytest.approx(86400)
    a_second_later = time_machine.travel(NOON + dt.timedelta(hours=24, seconds=1), tick=False)
    with a_second_later, pytest.raises(stamp.TooOld) as refusal:
        stamp.age(made, 7)
    assert "fresh one with what you wrote" in refusal.value.words


@pytest.mark.parametrize("told", ["", "nonsense", "a:b:c", "\x00", "W10:x", "ü" * 500])
def test_whatever_else_stands_in_the_stamps_place_is_forged(told):
    with pytest.raises(stamp.Forged):
        stamp.age(told, 7)


def test_a_stamp_signed_for_another_purpose_or_from_the_future_is_forged():
    made = stamp.make(7)
    body = made.rpartition(":")[0]
    for forged in (body + ":" + "A" * 43, signing.Signer(salt="other").sign_object([7, 0]), made[:-1]):
        with pytest.raises(stamp.Forged):
            stamp.age(forged, 7)
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        ahead = stamp.make(7)
    with time_machine.travel(NOON, tick=False), pytest.raises(stamp.Forged):
        stamp.age(ahead, 7)


def test_more_links_than_the_rule_allows_wait_with_both_numbers(article):
    source = LONG_WORDS + " https://bbc.co.uk/a www.reuters.com/b https://gov.uk/c"
    assert [(f.layer, f.reason, f.is_spam) for f in examine(article, source)] == [
        ("links", "3 links; the rule allows 2", False)
    ]
    assert layers(article, source.replace("https://gov.uk/c", "")) == set()
    CommentSettings.objects.create(pk=1, most_links=0)
    assert "1 link; the rule allows none" in [f.reason for f in examine(article, LONG_WORDS + " https://bbc.co.uk/a")]


def test_links_to_this_site_are_not_counted(article, settings):
    settings.SITE_URL = "https://news.example"
    source = LONG_WORDS + " https://news.example/a https://news.example/b https://www.news.example/c"
    assert layers(article, source) == set()


def keep(article, source=LONG_WORDS, **fields):
    """A comment as a reader's form would bring it."""
    address = fields.pop("address", "198.51.100.7")
    network, around, until = networks.digests(address)
    return making.waiting(
        article, source=source, network_digest=network, neighbourhood_digest=around, network_kept_until=until, **fields
    )


def test_a_long_text_that_was_posted_before_waits_and_says_how_often_and_where(article):
    keep(article)
    keep(factories.published())
    (found,) = examine(article, "THE council had the letter for nine months, before anybody at the port was told of it "
                                "and said nothing!!!")  # fmt: skip
    assert found.layer == "repeated"
    assert found.reason == "The same words were posted twice in the last hour, under 2 articles, by 2 people"
    assert not found.is_spam
    assert examine(article, LONG_WORDS + " And a sentence of my own.") == []


def test_words_of_last_week_are_told_so_and_older_ones_forgotten(article):
    with time_machine.travel(clock.now() - dt.timedelta(days=3), tick=False):
        keep(article)
    assert [f.reason for f in examine(article)] == ["The same words were posted once in the last week"]
    with time_machine.travel(clock.now() + dt.timedelta(days=5), tick=False):
        assert examine(article) == []


def test_strangers_may_say_a_short_thing_in_the_same_words_but_one_hand_may_not(article):
    for address in ("198.51.100.7", "192.0.2.1", "203.0.113.200"):
        keep(article, "Finally someone says it!", address=address)
    assert layers(article, "Finally someone says it.", address="8.8.4.4") == set()
    assert layers(article, "Finally someone says it.", address="192.0.2.99") == {"repeated"}


def test_words_with_a_link_posted_three_times_are_spam(article):
    source = LONG_WORDS + " https://bbc.co.uk/{}"
    for number in range(2):
        keep(article, source.format(number))
    assert [f.is_spam for f in examine(article, source.format(8))] == [False]
    keep(article, source.format(3))
    assert [f.is_spam for f in examine(article, source.format(9))] == [True]


def test_what_a_moderator_called_spam_is_spam_again_and_what_a_layer_suspected_is_not(article, editor):
    suspected = keep(article, suspicions=[screening.Finding("words", "x", is_spam=True)])
    assert [f.is_spam for f in examine(article)] == [False]
    moderation.mark_spam(suspected, editor)
    (found,) = examine(article)
    assert found.is_spam
    assert found.reason.endswith("and taken for spam")


def test_an_edited_comment_does_not_repeat_itself(article):
    comment = keep(article)
    assert examine(article, is_edit=True, comment=comment) == []
    assert layers(
        article, is_edit=True, comment=keep(article, "Other words, long enough to be compared with any.")
    ) == {"repeated"}


def test_the_fingerprint_passes_over_links_signs_and_quotes_but_not_over_words():
    one = formatting.fingerprint(LONG_WORDS + " https://a.example/1")
    assert one == formatting.fingerprint("> as you say\n\n" + LONG_WORDS.upper() + "!! https://b.example")
    assert one != formatting.fingerprint(LONG_WORDS.replace("nine", "ten"))


def test_fifty_people_behind_one_address_write_twice_in_ten_minutes_and_none_is_stopped(article):
    """An election night, and a campus behind one neighbourhood of addresses."""
    begun = NOON
    for number in range(100):
        with time_machine.travel(begun + dt.timedelta(seconds=5.9 * number), tick=False):
            who = {"email": f"student{number % 50}@example.org", "address": f"203.0.113.{number % 50 // 10}"}
            assert examine(article, f"{LONG_WORDS} Says number {number}.", **who) == []


def test_a_flood_from_one_neighbourhood_first_waits_and_is_then_refused(article):
    def send(number, **fields):
        who = {"email": f"robot{number}@example.org", "address": f"203.0.113.{number % 250}", **fields}
        return pace.findings(Candidate(article=article, source="x", **who))

    with time_machine.travel(NOON, tick=False):
        found = [send(number) for number in range(pace.AROUND_LIMIT)]
        with pytest.raises(screening.Refused) as refusal:
            send(pace.AROUND_LIMIT)
        assert "wait a moment" in refusal.value.words
        assert not any(found[: pace.AROUND_WAITS])
        assert all(found[pace.AROUND_WAITS :])
        assert not send(0, address="198.51.100.1")
    with time_machine.travel(NOON + pace.AROUND, tick=False):
        assert not send(0)


def test_one_person_who_writes_faster_than_anybody_types_is_told_to_wait(article):
    with time_machine.travel(NOON, tick=False):
        for number in range(pace.QUICK_LIMIT):
            assert examine(article, f"{LONG_WORDS} {number}") == []
        with pytest.raises(screening.Refused) as refusal:
            examine(article)
        assert "what you wrote is still here" in refusal.value.words
        assert examine(article, email="berta@example.org") == []
    with time_machine.travel(NOON + pace.QUICK, tick=False):
        assert examine(article) == []


def test_nobody_silences_another_by_typing_that_ones_address_elsewhere(article):
    with time_machine.travel(NOON, tick=False):
        for _number in range(pace.QUICK_LIMIT):
            pace.findings(Candidate(article=article, source="x", email="anna@example.org", address="192.0.2.1"))
        assert examine(article, email="Anna@example.org ", address="203.0.113.9") == []
        with pytest.raises(screening.Refused):
            examine(article, email="Anna@example.org ", address="192.0.2.77")


def test_what_people_who_work_here_write_is_not_screened_but_only_when_they_are_proven(article, editor):
    writer = making.commenter(user=editor)
    source = "Buy backlinks: http://a.xyz http://b.xyz http://c.xyz"
    assert examine(article, source, commenter=writer, user=editor, is_proven=True) == []
    assert examine(article, source, commenter=writer) != []


def test_digests_of_addresses_are_equal_for_a_neighbourhood_and_name_no_address(settings):
    network, around, until = networks.digests("203.0.113.9")
    other, same_around, _until = networks.digests("203.0.113.77")
    assert network != other
    assert around == same_around
    assert networks.digests("203.0.112.9")[1] != around
    assert len(network) == len(around) == 64
    assert until - clock.now() > dt.timedelta(days=29)
    settings.SECRET_KEY = "another " * 10
    assert networks.digests("203.0.113.9")[0] != network


def test_an_ipv6_address_stands_for_its_64_and_its_neighbourhood_is_the_48():
    one, around, _until = networks.digests("2001:db8:1:2::3")
    assert networks.digests("2001:db8:1:2:ffff::9")[0] == one
    assert networks.digests("2001:db8:1:3::3")[0] != one
    assert networks.digests("2001:db8:1:3::3")[1] == around
    assert networks.digests("2001:db8:2:2::3")[1] != around
    assert networks.digests("::ffff:203.0.113.9")[:2] == networks.digests("203.0.113.9")[:2]


@pytest.mark.parametrize("address", ["", "nonsense", "203.0.113.9.4", "unix:"])
def test_of_what_is_no_address_nothing_is_kept(address):
    assert networks.digests(address) == ("", "", None)


def test_no_digest_is_kept_where_the_setting_says_so(settings):
    settings.COMMENT_NETWORKS_KEPT_DAYS = 0
    assert networks.digests("203.0.113.9") == ("", "", None)
