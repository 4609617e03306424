"""Does the original still stand? Days pass by the clock; the platform is asked over real HTTP."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from articles.embeds import recheck as recheck_module
from articles.embeds import snapshot
from articles.embeds.catch_up import capture_due
from articles.embeds.fetch import CannotFetch, Why, ask
from articles.embeds.providers import recognise
from articles.embeds.recheck import recheck, recheck_due
from articles.models import Embed
from tests.foundation.fake_service import Reply

START = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def embed(clock, tweet, platform):
    platform.replies("tweet", "tweet.json")
    embed = snapshot.remember(tweet)
    snapshot.capture(embed)
    assert embed.state == Embed.State.CAPTURED
    return embed


def answers(platform, *replies):
    platform.replies("tweet", *replies)


@pytest.mark.parametrize(
    ("status", "availability", "words"),
    [
        (404, "gone", "No longer available on X since 15 March 2026. This is the copy we kept on 14 March 2026."),
        (410, "gone", "No longer available on X since 15 March 2026."),
        (401, "not_public", "Not public on X since 15 March 2026."),
        (403, "not_public", "Not public on X since 15 March 2026."),
    ],
)
def test_two_refusals_a_day_apart_are_believed(embed, platform, clock, status, availability, words):
    answers(platform, Reply(status=status))
    clock.shift(DAY)
    recheck(embed)
    assert embed.availability == "available"
    clock.shift(DAY)
    recheck(embed)
    assert embed.availability == availability
    assert words in embed.html
    assert "Ferries stop at noon." in embed.html
    assert embed.unavailable_since == START + DAY


def test_two_refusals_within_a_day_are_one(embed, platform, clock):
    answers(platform, Reply(status=404))
    recheck(embed)
    clock.shift(DAY - dt.timedelta(minutes=1))
    recheck(embed)
    assert embed.availability == "available"
    assert "No longer available" not in embed.html


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(status=429),
        Reply(status=500),
        Reply(status=503),
        Reply(raw=b""),
        Reply(body=b"<html>", content_type="text/html"),
        Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}),
        Reply(headers={"Content-Length": "52428800"}),
    ],
    ids=lambda reply: f"{reply.status} {reply.content_type}",
)
def test_trouble_on_the_way_changes_nothing_but_when_we_asked(embed, platform, clock, trouble):
    before = Embed.objects.values().get()
    answers(platform, trouble)
    for day in range(1, 4):
        clock.shift(DAY)
        assert recheck(embed) in (Why.LATER, Why.UNUSABLE)
        assert Embed.objects.values().get() == before | {"last_checked_at": START + day * DAY}


def test_trouble_between_two_refusals_does_not_undo_the_first(embed, platform, clock):
    answers(platform, Reply(status=404), Reply(status=503), Reply(status=404))
    for _ in range(3):
        recheck(embed)
        clock.shift(DAY)
    assert embed.availability == "gone"


def test_an_answer_between_two_refusals_undoes_the_first(embed, platform, clock):
    recorded = platform
    recorded.replies("tweet", Reply(status=404), "tweet.json", Reply(status=404))
    for _ in range(3):
        recheck(embed)
        clock.shift(DAY)
    assert embed.availability == "available"
    assert embed.first_failed_check_at is not None


def test_a_post_that_comes_back_loses_its_note(embed, platform, clock):
    html = embed.html
    answers(platform, Reply(status=404))
    recheck(embed)
    clock.shift(DAY)
    recheck(embed)
    assert embed.html != html
    answers(platform, "tweet.json")
    recheck(embed)
    assert (embed.availability, embed.unavailable_since, embed.first_failed_check_at) == ("available", None, None)
    assert embed.html == html


def test_the_text_of_the_snapshot_is_never_fetched_over(embed, platform, clock):
    Embed.objects.update(text="As it was")
    recheck(embed)
    embed.refresh_from_db()
    assert embed.text == "As it was"


def test_a_round_takes_each_post_once_a_day(embed, platform, clock):
    clock.shift(DAY)
    assert recheck_due(limit=10).checked == 1
    assert recheck_due(limit=10).checked == 0
    clock.shift(DAY)
    assert recheck_due(limit=10).checked == 1


def test_a_platform_in_trouble_is_left_alone_for_the_round(embed, platform, clock):
    for number in range(1, 4):
        snapshot.capture(snapshot.remember(recognise(f"https://x.com/u/status/{number}")))
    asked = len(platform.requests)
    answers(platform, Reply(status=429))
    clock.shift(DAY)
    assert recheck_due(limit=10).undecided == 1
    assert len(platform.requests) == asked + 1


def toots(*hosts):
    """One captured post on each host, the first named the first in the order of asking."""
    return [
        Embed.objects.create(
            provider="mastodon",
            external_id=f"{host}/112233445566778899",
            url=f"https://{host}/@bridgewatch/112233445566778899",
            state=Embed.State.CAPTURED,
            captured_at=START,
        )
        for host in hosts
    ]


@pytest.fixture
def dead_host(clock, platform, monkeypatch):
    """Stand-ins are named for a platform, so the one host that is in trouble is told apart here."""
    platform.replies("mastodon", "mastodon.json")

    def ask_unless_dead(match):
        if "//dead." in match.url:
            raise CannotFetch(Why.LATER, "Mastodon could not be reached.")
        return ask(match)

    for module in (recheck_module, snapshot):
        monkeypatch.setattr(module, "ask", ask_unless_dead)


def test_a_dead_host_does_not_stop_the_checks_of_others(dead_host):
    toots("dead.example.org", "alive.example.org")
    report = recheck_due(limit=10)
    assert (report.checked, report.undecided) == (1, 1)


def test_a_dead_host_is_asked_once_a_round(dead_host):
    toots("dead.example.org")
    Embed.objects.create(provider="mastodon", external_id="dead.example.org/2", url="https://dead.example.org/@b/20000")
    Embed.objects.update(state=Embed.State.CAPTURED)
    assert recheck_due(limit=10).undecided == 1


def test_a_dead_host_does_not_stop_the_capture_of_others(dead_host, clock):
    toots("dead.example.org", "alive.example.org")
    Embed.objects.update(state=Embed.State.PENDING)
    clock.shift(DAY)
    done = capture_due(limit=10)
    assert (len(done.captured), len(done.undecided)) == (1, 1)


def test_posts_that_never_answer_take_turns_with_the_others(dead_host, clock):
    toots("dead.example.org", "alive.example.org")
    assert (recheck_due(limit=1).checked, recheck_due(limit=1).checked) == (0, 1)


def test_an_unusable_answer_about_one_post_does_not_stop_the_others(embed, platform, clock):
    for number in range(1, 4):
        snapshot.capture(snapshot.remember(recognise(f"https://x.com/u/status/{number}")))
    answers(platform, Reply(status=400), "tweet.json")
    clock.shift(DAY)
    report = recheck_due(limit=10)
    assert (report.checked, report.undecided) == (3, 1)


@pytest.mark.parametrize(
    "fields", [{"is_sample": True}, {"choice": "removed"}, {"state": "pending"}, {"state": "failed"}]
)
def test_posts_that_need_no_check_are_not_asked_for(embed, platform, clock, fields):
    Embed.objects.update(**fields)
    clock.shift(DAY)
    asked = len(platform.requests)
    recheck_due(limit=10)
    assert len(platform.requests) == asked


def test_what_was_written_by_hand_is_checked_too(embed, platform, clock):
    Embed.objects.update(state=Embed.State.BY_HAND)
    clock.shift(DAY)
    assert recheck_due(limit=10).checked == 1


def test_the_command_reports_what_vanished_and_came_back(embed, platform, clock, capsys):
    answers(platform, Reply(status=404))
    clock.shift(DAY)
    call_command("recheck_embeds")
    clock.shift(DAY)
    call_command("recheck_embeds")
    answers(platform, "tweet.json")
    clock.shift(DAY)
    call_command("recheck_embeds")
    assert capsys.readouterr().out.splitlines() == [
        "1 checked, 0 without an answer.",
        "No longer available: https://x.com/harbour_desk/status/1232942413187452929",
        "1 checked, 0 without an answer.",
        "Back: https://x.com/harbour_desk/status/1232942413187452929",
        "1 checked, 0 without an answer.",
    ]
