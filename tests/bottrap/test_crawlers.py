"""Search engines that are what they claim, those who only claim it, and resolvers that do not answer."""

import threading

import pytest

from bottrap import crawlers, ranges
from bottrap.models import Ban, Hit, PublishedRange
from foundation import clock, outbound, outbound_dns
from tests.bottrap.visiting import ROBOT, ROBOT_IPV6, follow_both

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
NAME = "crawl-93-184-215-14.googlebot.com"


@pytest.fixture
def resolver(monkeypatch):
    """Names by address and addresses by name; what it holds is an answer, or an exception to raise."""

    class Resolver:
        names: list | Exception = []
        addresses: list | Exception = []
        asked = 0

    def answer(held):
        Resolver.asked += 1
        if isinstance(held, Exception):
            raise held
        return held

    monkeypatch.setattr(outbound_dns, "names_of", lambda address: answer(Resolver.names))
    monkeypatch.setattr(outbound_dns, "addresses_of", lambda name: answer(Resolver.addresses))
    return Resolver


@pytest.fixture
def outcome(client, armed, resolver, run_tasks):
    """What becomes of somebody who claims to be Googlebot and follows both links."""

    def visit(names, addresses, address=ROBOT):
        resolver.names, resolver.addresses, resolver.asked = names, addresses, 0
        assert follow_both(client, address, **{"User-Agent": GOOGLEBOT}).status_code == 200
        assert resolver.asked == 0  # nobody waits for a lookup
        assert Ban.objects.count() == 0
        run_tasks()
        return Hit.objects.get(step=2).outcome

    return visit


def test_a_genuine_crawler_is_spared(outcome):
    assert outcome([NAME], [ROBOT]) == Hit.Outcome.SPARED
    assert Ban.objects.count() == 0


def test_a_genuine_crawler_over_ipv6_is_spared(outcome):
    assert outcome([NAME], [ROBOT_IPV6], ROBOT_IPV6) == Hit.Outcome.SPARED


@pytest.mark.parametrize(
    ("names", "addresses"),
    [
        ([], []),
        (["host.example.com"], [ROBOT]),
        (["googlebot.com.example.com"], [ROBOT]),
        (["evilgooglebot.com"], [ROBOT]),
        ([NAME], []),
        ([NAME], ["93.184.215.140"]),
    ],
)
def test_whoever_only_claims_it_is_banned(outcome, names, addresses):
    assert outcome(names, addresses) == Hit.Outcome.BANNED
    assert Ban.objects.get().reason == "followed two links of the trap and only claims to be googlebot"


@pytest.mark.parametrize(("names", "addresses"), [(outbound_dns.NoAnswer(), []), ([NAME], outbound_dns.NoAnswer())])
def test_without_an_answer_nobody_is_banned(outcome, names, addresses):
    assert outcome(names, addresses) == Hit.Outcome.SPARED
    assert Ban.objects.count() == 0


def test_what_was_found_out_is_kept_and_no_answer_is_not(resolver):
    claim = crawlers.claimed(GOOGLEBOT)
    resolver.names = outbound_dns.NoAnswer()
    assert crawlers.is_genuine(ROBOT, claim) is None
    resolver.names, resolver.addresses, resolver.asked = [NAME], [ROBOT], 0
    assert crawlers.is_genuine(ROBOT, claim) is True
    assert crawlers.is_genuine(ROBOT, claim) is True
    assert resolver.asked == 2


def test_whoever_gives_an_address_hundreds_of_names_costs_no_more_than_a_few_questions(resolver):
    """The names of an address are written by whoever has it."""
    resolver.names = [f"crawl-{number}.googlebot.com" for number in range(300)]
    assert crawlers.is_genuine(ROBOT, crawlers.claimed(GOOGLEBOT)) is False
    assert resolver.asked <= 11


def test_a_crawler_known_by_its_ranges_alone_is_spared_while_there_are_none(db):
    claim = crawlers.claimed("DuckDuckBot/1.1")
    assert crawlers.is_genuine(ROBOT, claim) is None
    PublishedRange.objects.create(feed="duckduckgo", network="20.191.45.212/32", fetched_at=clock.real_now())
    assert crawlers.is_genuine(ROBOT, claim) is False


def test_a_slow_resolver_is_not_waited_for(monkeypatch):
    is_over = threading.Event()

    def hang(address):
        is_over.wait(20)
        return address, [], []

    monkeypatch.setattr("socket.gethostbyaddr", hang)
    with pytest.raises(outbound_dns.NoAnswer):
        outbound_dns.names_of(ROBOT, time_limit=0.05)
    is_over.set()


def test_no_such_name_is_an_answer_and_a_failing_resolver_is_none(monkeypatch):
    import socket

    def fail(error):
        def ask(*_, **__):
            raise error

        return ask

    monkeypatch.setattr("socket.gethostbyaddr", fail(socket.herror(1, "Unknown host")))
    assert outbound_dns.names_of(ROBOT) == []
    monkeypatch.setattr("socket.gethostbyaddr", fail(socket.herror(2, "Host name lookup failure")))
    with pytest.raises(outbound_dns.NoAnswer):
        outbound_dns.names_of(ROBOT)
    monkeypatch.setattr("socket.getaddrinfo", fail(socket.gaierror(socket.EAI_NONAME, "unknown")))
    assert outbound_dns.addresses_of(NAME) == []
    monkeypatch.setattr("socket.getaddrinfo", fail(socket.gaierror(socket.EAI_AGAIN, "try again")))
    with pytest.raises(outbound_dns.NoAnswer):
        outbound_dns.addresses_of(NAME)


def answering(monkeypatch, body: bytes | Exception):
    def get(url, **_):
        if isinstance(body, Exception):
            raise body
        return outbound.Answer(url=url, content_type="application/json", body=body)

    monkeypatch.setattr(outbound, "get", get)


FEEDS = {"google": "https://ranges.example/googlebot.json"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"creationTime": "2026-11-01T23:00:00", "prefixes": [{"ipv6Prefix": "2001:4860:4801:10::/64"}, '
        b'{"ipv4Prefix": "66.249.64.0/27"}]}',
        b'["66.249.64.0/27", "2001:4860:4801:10::/64"]',
        b"# ours\n66.249.64.0/27\n\n2001:4860:4801:10::/64  # six\n",
    ],
)
def test_ranges_are_read_in_every_form_in_which_they_are_published(db, monkeypatch, body):
    answering(monkeypatch, body)
    assert ranges.update(FEEDS) == {"google": "2 networks"}
    assert set(PublishedRange.objects.values_list("network", flat=True)) == {"66.249.64.0/27", "2001:4860:4801:10::/64"}


@pytest.mark.parametrize(
    "body",
    [
        outbound.Unreachable("no connection could be made, or it broke"),
        b"",
        b"{}",
        b"<html>not found</html>",
        b"\xff\xfe",
        b'["0.0.0.0/0"]',
        b'["::/0"]',
        b'["10.0.0.0/8"]',
        b"[" * 100_000,
    ],
)
def test_a_list_that_cannot_be_believed_changes_nothing(db, monkeypatch, body):
    PublishedRange.objects.create(feed="google", network="66.249.64.0/27", fetched_at=clock.real_now())
    answering(monkeypatch, body)
    assert ranges.update(FEEDS)["google"].startswith("not renewed, because ")
    assert PublishedRange.objects.get().network == "66.249.64.0/27"


def test_a_list_that_is_no_longer_configured_is_dropped(db, monkeypatch):
    PublishedRange.objects.create(feed="old", network="66.249.64.0/27", fetched_at=clock.real_now())
    answering(monkeypatch, b'["66.249.66.0/27"]')
    ranges.update(FEEDS)
    assert PublishedRange.objects.get().feed == "google"


def test_the_command_asks_for_every_configured_list(db, monkeypatch, settings, capsys):
    from django.core.management import call_command

    settings.CRAWLER_RANGES = FEEDS
    answering(monkeypatch, b'["66.249.66.0/27"]')
    call_command("update_crawler_ranges")
    assert capsys.readouterr().out == "google: 1 networks\n"
