"""From the link at the foot of a page to a ban, and everything that never becomes one."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.management import call_command
from django.db import Error
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bottrap import bans, signals, trap_links, verdicts
from bottrap.models import Ban, Hit, TrapSettings
from foundation import clock
from tests import factories
from tests.bottrap.visiting import BROWSER, OTHER, ROBOT, ROBOT_IPV6, follow, follow_both, numbered

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def banned() -> list[str]:
    return sorted(Ban.objects.active().values_list("network", flat=True))


def test_the_second_link_bans_and_the_first_only_warns(client, armed):
    first = follow(client, trap_links.first())
    assert first.status_code == 200
    assert "Nothing has happened" in first.text
    assert banned() == []
    assert trap_links.second() in first.text
    second = follow(client, trap_links.second())
    assert second.status_code == 403
    assert "We took you for a robot" in second.text
    assert banned() == [f"{ROBOT}/32"]


def test_both_answers_are_kept_by_nobody_and_found_by_no_search(client, armed):
    for answer in (follow(client, trap_links.first()), follow(client, trap_links.second())):
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex">' in answer.text


def test_the_first_link_bans_nobody_however_often_it_is_followed(client, armed):
    for _ in range(50):
        assert follow(client, trap_links.first()).status_code == 200
    assert banned() == []


def test_the_second_link_alone_bans_nobody(client, armed):
    for _ in range(5):
        assert follow(client, trap_links.second()).status_code == 200
    assert banned() == []
    assert set(Hit.objects.values_list("outcome", flat=True)) == {Hit.Outcome.ALONE}


def test_the_links_count_together_for_ten_minutes(client, armed):
    now = clock.real_now()
    for minutes, expected in ((11, []), (9, [f"{ROBOT}/32"])):
        Hit.objects.all().delete()
        with time_machine.travel(now, tick=False):
            follow(client, trap_links.first())
        with time_machine.travel(now + minutes * MINUTE, tick=False):
            follow(client, trap_links.second())
            assert banned() == expected


def first_links() -> list[str]:
    return [*trap_links.ahead(), *trap_links.at_foot()]


def test_each_of_the_four_first_links_warns_and_two_of_them_ban(client, armed):
    for number, link in enumerate(first_links()):
        for _ in range(3):
            assert follow(client, link, numbered(number)).status_code == 200
    assert banned() == []
    for number, link in enumerate(first_links()[1:]):
        assert follow(client, link, numbered(number)).status_code == 403
    assert len(banned()) == 3
    assert "link at the top, first: first visit, warned;" in Ban.objects.get(network=f"{numbered(0)}/32").evidence


def test_two_first_links_more_than_ten_minutes_apart_ban_nobody(client, armed):
    moment = clock.real_now()
    for minutes, link in zip((0, 11, 22, 33), first_links(), strict=True):
        with time_machine.travel(moment + minutes * MINUTE, tick=False):
            assert follow(client, link).status_code == 200


def test_the_same_link_of_two_days_is_one(client, armed):
    moment = clock.real_now().replace(hour=23, minute=58)
    for minutes in (0, 5):
        with time_machine.travel(moment + minutes * MINUTE, tick=False):
            assert follow(client, trap_links.first()).status_code == 200


@pytest.mark.parametrize("mark", ["Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Upgrade-Insecure-Requests"])
def test_whoever_opens_every_link_of_every_page_in_a_browser_is_not_banned(client, armed, mark):
    marks = {mark: BROWSER.get(mark, "1")}
    for link in first_links() * 5:
        assert follow(client, link, **marks).status_code == 200
    assert banned() == []
    assert follow(client, trap_links.second(), **marks).status_code == 403


def test_people_who_share_an_address_and_each_open_a_link_by_mistake_are_not_banned(client, armed):
    """One of them with a program that says nothing of itself."""
    follow(client, trap_links.first())
    for link in first_links() * 5:
        assert follow(client, link, **BROWSER).status_code == 200
    assert follow(client, trap_links.first()).status_code == 200
    assert banned() == []


def test_two_links_of_a_page_spare_whom_the_other_link_spares(client, armed, settings):
    settings.TRAP_NEVER_BAN = [ROBOT]
    for link in first_links():
        assert follow(client, link).status_code == 200
    assert set(Hit.objects.values_list("outcome", flat=True)) == {Hit.Outcome.FIRST, Hit.Outcome.SPARED}


def test_two_clients_do_not_make_one_robot(client, armed):
    follow(client, trap_links.first(), ROBOT)
    follow(client, trap_links.second(), OTHER)
    assert banned() == []


def test_an_ipv6_visitor_is_banned_with_all_its_addresses(client, armed):
    follow(client, trap_links.first(), ROBOT_IPV6)
    follow(client, trap_links.second(), "2606:2800:21f:cb07::1")
    assert banned() == ["2606:2800:21f:cb07::/64"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Sec-Purpose": "prefetch;anonymous-client-ip"},
        {"Purpose": "prefetch"},
        {"X-Purpose": "preview"},
        {"X-Moz": "prefetch"},
        {"Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://elsewhere.example/"},
        {"Referer": "https://testserver.elsewhere.example/"},
        {"Referer": "http://["},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"User-Agent": "WhatsApp/2.23.20.0"},
        {"User-Agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
        {"User-Agent": "http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.social/) Bot"},
        {"User-Agent": "Some-Link-Preview/0.1"},
    ],
)
def test_what_a_browser_or_another_site_does_by_itself_never_counts(client, armed, headers):
    for _ in range(3):
        follow_both(client, **{**BROWSER, **headers})
    assert banned() == []
    assert set(Hit.objects.values_list("outcome", flat=True)) == {Hit.Outcome.IGNORED}


def test_the_same_headers_without_such_a_mark_do_count(client, armed):
    assert follow_both(client, **BROWSER).status_code == 403


@pytest.mark.parametrize("step", ["first", "second"])
def test_an_uncounted_half_leaves_the_other_harmless(client, armed, step):
    marks = {"first": ({"Sec-Purpose": "prefetch"}, {}), "second": ({}, {"Sec-Purpose": "prefetch"})}[step]
    follow(client, trap_links.first(), **marks[0])
    follow(client, trap_links.second(), **marks[1])
    assert banned() == []


def test_head_never_counts_and_writing_is_refused(client, armed):
    for link in (trap_links.first(), trap_links.second()):
        assert follow(client, link, method="head").status_code == 200
        assert follow(client, link, method="post").status_code == 405
    assert banned() == []


def test_whoever_is_signed_in_is_never_banned(editor_client, armed):
    assert follow_both(editor_client).status_code == 200
    assert banned() == []


@pytest.mark.parametrize("link", ["0/{}", "{}/x", "{}/" + "0" * 20, "9" * 5000 + "/x", "{}/a%00b", "-1/x"])
def test_a_forged_link_is_no_page(client, armed, link):
    today = trap_links.first().split("/")[2]
    assert follow(client, f"/do-not-follow/{link.format(today)}/").status_code == 404
    assert Hit.objects.count() == 0


def test_a_link_is_one_for_all_for_a_day_and_good_for_three(client, armed):
    first = trap_links.first()
    assert first == trap_links.first()
    moment = clock.real_now()
    day = dt.timedelta(days=1)
    statuses = []
    for days in (1, 2, 3):
        with time_machine.travel(moment + days * day, tick=False):
            assert trap_links.first() != first
            statuses.append(follow(client, first).status_code)
    assert statuses == [200, 200, 404]


def test_links_of_an_earlier_key_stay_good(client, armed, settings):
    first = trap_links.first()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" + "z" * 50
    assert trap_links.first() != first
    assert follow(client, first).status_code == 200


@pytest.mark.parametrize("days", [0, 2])
def test_before_three_days_nobody_is_banned(client, db, days):
    TrapSettings.objects.create(pk=1, forbidden_since=clock.now() - dt.timedelta(days=days))
    follow_both(client)
    assert banned() == []


def test_a_trap_that_is_taken_away_bans_nobody(client, armed):
    TrapSettings.objects.update(is_on=False)
    follow_both(client)
    assert banned() == []


def test_a_dry_run_writes_down_and_bans_nobody(client, armed):
    TrapSettings.objects.update(dry_run=True)
    assert follow_both(client).status_code == 200
    assert banned() == []
    assert Hit.objects.filter(outcome=Hit.Outcome.DRY_RUN).count() == 1


def test_the_breaker_stops_at_the_twenty_first_client_and_stays(client, armed):
    for number in range(25):
        follow_both(client, numbered(number))
    assert len(banned()) == verdicts.MOST_AT_ONCE == 20
    assert TrapSettings.load().tripped_at is not None
    with time_machine.travel(clock.real_now() + 20 * MINUTE, tick=False):
        follow_both(client, OTHER)
        assert f"{OTHER}/32" not in banned()
        TrapSettings.objects.update(tripped_at=None)
        follow_both(client, OTHER)
        assert f"{OTHER}/32" in banned()


def test_the_breaker_closes_itself_after_an_hour_in_which_nobody_would_have_been_banned(client, armed):
    for number in range(21):
        follow_both(client, numbered(number))
    begun = clock.real_now()
    with time_machine.travel(begun + 50 * MINUTE, tick=False):
        follow_both(client, OTHER)
    with time_machine.travel(begun + 100 * MINUTE, tick=False):
        call_command("send_trap_alarms")
        assert TrapSettings.load().tripped_at is not None  # 50 minutes ago somebody would have been
    with time_machine.travel(begun + 111 * MINUTE, tick=False):
        call_command("send_trap_alarms")
        assert TrapSettings.load().tripped_at is None
        follow_both(client, OTHER)
    assert f"{OTHER}/32" in banned()


def test_without_the_breaker_they_would_all_be_banned(client, armed, monkeypatch):
    monkeypatch.setattr(verdicts, "MOST_AT_ONCE", 1000)
    for number in range(25):
        follow_both(client, numbered(number))
    assert len(banned()) == 25


def test_a_full_table_takes_no_more(client, armed, monkeypatch):
    monkeypatch.setattr(bans, "MOST", 1)
    follow_both(client, ROBOT)
    follow_both(client, OTHER)
    assert banned() == [f"{ROBOT}/32"]
    assert Hit.objects.filter(outcome=Hit.Outcome.FULL).count() == 1


def test_a_robot_that_never_tires_does_not_fill_the_table(client, armed, monkeypatch):
    monkeypatch.setattr(verdicts, "MOST_WRITTEN", 5)
    TrapSettings.objects.update(dry_run=True)
    for _ in range(20):
        follow_both(client)
    assert Hit.objects.count() == 10


def test_a_trap_without_a_database_lets_go_and_says_so(client, armed, monkeypatch, caplog):
    def fail(*_):
        raise Error("for the test")

    monkeypatch.setattr("bottrap.views.judge", fail)
    assert follow_both(client).status_code == 200
    assert "could not judge a visit" in caplog.text


def test_the_evidence_tells_both_visits(client, armed):
    follow_both(client)
    lines = Ban.objects.get().evidence.splitlines()
    assert [("link at the foot" in line, "link on the warning" in line) for line in lines] == [
        (True, False),
        (False, True),
    ]
    assert all("a-robot/1.0" in line and ROBOT in line for line in lines)


class TestTheLink:
    def test_stands_at_the_foot_of_every_page_without_a_query(self, client, armed, django_assert_num_queries):
        page = client.get("/").text
        assert [page.count(link) for link in first_links()] == [1, 1, 1, 1]
        assert "Do NOT follow this link or you will be banned from the site!" in page
        assert page.rindex("<footer") < page.index(trap_links.first())
        links = [link for link in re.findall(r'href="([^"]*)"', page[page.index("<body") :]) if link[0] == "/"]
        assert [*links[:2], *links[-2:]] == first_links()
        with django_assert_num_queries(0):
            from django.template import Context, Template
            from django.test import RequestFactory

            template = Template("{% load trap_tags %}{% trap_ahead %}{% trap_link %}")
            made = template.render(Context({"request": RequestFactory().get("/")}))
        assert all(link in made for link in first_links())

    def test_is_hidden_from_everybody_who_reads(self, client, armed):
        lines = [line for line in client.get("/").text.splitlines() if "do-not-follow" in line]
        assert len(lines) == 2
        for mark in ("<div hidden", 'aria-hidden="true"', "data-nosnippet"):
            assert [line.count(mark) for line in lines] == [1, 1]
        for mark in ('rel="nofollow"', 'tabindex="-1"'):
            assert [line.count(mark) for line in lines] == [2, 2]

    def test_is_the_same_for_all_so_that_pages_can_be_stored(self, armed):
        def link(address):
            page = Client().get("/archive/", REMOTE_ADDR=address)
            return [line for line in page.text.splitlines() if "do-not-follow" in line]

        assert link(ROBOT) == link(OTHER) != []

    def test_is_absent_for_whoever_is_signed_in(self, editor_client, armed):
        assert "do-not-follow" not in editor_client.get("/").text

    @pytest.mark.parametrize("address", ["/feed/", "/atom/", "/updates/feed/", "/sitemap.xml", "/support/figures.csv"])
    def test_is_absent_where_no_page_is(self, client, armed, address):
        factories.published()
        assert "do-not-follow" not in client.get(address).text

    def test_is_absent_until_the_trap_bites(self, client, db):
        assert "do-not-follow" not in client.get("/").text
        client.get("/robots.txt")
        assert "do-not-follow" not in client.get("/").text
        with time_machine.travel(clock.real_now() + dt.timedelta(days=3, minutes=1), tick=False):
            assert "do-not-follow" in client.get("/").text


AGENTS = st.sampled_from(["", "Mozilla/5.0 Chrome/140", "Mozilla/5.0 Firefox/140", "curl/8"])


@given(
    marks=st.dictionaries(
        st.sampled_from(["Sec-Purpose", "Purpose", "X-Moz", "Sec-Fetch-Dest", "Sec-Fetch-Site", "Referer", "Accept"]),
        st.text(max_size=40),
    ),
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", ""]),
    agent=AGENTS,
)
def test_no_header_breaks_the_reading_of_signals(marks, method, agent):
    told = signals.why_not_counted(method, {**marks, "User-Agent": agent}, {"testserver"})
    assert isinstance(told, str)
    if method != "GET":
        assert told
