"""Addresses that are never banned, and whose address is judged when proxies stand between."""

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottrap import networks, never, trap_links, verdicts
from bottrap.models import Ban, Hit, PublishedRange, TrapSettings
from foundation import clock
from foundation.remote_addr import pick
from tests.bottrap.visiting import ROBOT, ROBOT_IPV6, follow_both
from tests.proof import examples

PROXY, OUTER_PROXY = "151.101.1.5", "151.101.1.6"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "2002:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_not_on_the_open_internet_is_never_banned(client, armed, address):
    assert follow_both(client, address).status_code == 200
    assert Ban.objects.count() == 0


def test_an_address_of_the_open_internet_is(client, armed):
    assert follow_both(client, ROBOT).status_code == 403
    assert follow_both(client, ROBOT_IPV6).status_code == 403


def test_a_request_without_an_address_is_nobodys(client, armed):
    assert follow_both(client, "").status_code == 200
    assert Hit.objects.count() == 0


@pytest.mark.parametrize("listed", [f"{ROBOT}", "93.184.0.0/16", "2606:2800:21f:cb07::7"])
def test_the_list_of_the_settings_is_never_banned(client, armed, settings, listed):
    settings.TRAP_NEVER_BAN = ["nonsense", listed]
    assert follow_both(client, ROBOT_IPV6 if ":" in listed else ROBOT).status_code == 200
    assert Ban.objects.count() == 0


@pytest.mark.parametrize("network", ["93.184.215.0/24", "2606:2800::/32"])
def test_published_ranges_are_never_banned(client, armed, network):
    PublishedRange.objects.create(feed="google", network=network, fetched_at=clock.real_now())
    assert follow_both(client, ROBOT_IPV6 if ":" in network else ROBOT).status_code == 200
    assert Ban.objects.count() == 0
    assert Hit.objects.get(outcome=Hit.Outcome.SPARED).reason == "in the published ranges of google"


def test_behind_a_proxy_the_visitor_is_banned_and_not_the_proxy(client, armed, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    follow_both(client, PROXY, **{"X-Forwarded-For": f"198.41.0.4, {ROBOT}"})
    assert [ban.network for ban in Ban.objects.all()] == [f"{ROBOT}/32"]


@pytest.mark.parametrize("told", ["", "nonsense", PROXY, f"{ROBOT}, {PROXY}"])
def test_a_proxy_that_tells_nobody_else_is_not_banned(client, armed, settings, told):
    settings.TRUSTED_PROXY_COUNT = 1
    assert follow_both(client, PROXY, **{"X-Forwarded-For": told}).status_code == 200
    assert Ban.objects.count() == 0


def test_the_outer_of_two_proxies_is_not_banned_either(client, armed, settings):
    settings.TRUSTED_PROXY_COUNT = 2
    follow_both(client, PROXY, **{"X-Forwarded-For": OUTER_PROXY})
    follow_both(client, PROXY, **{"X-Forwarded-For": f"nonsense, {OUTER_PROXY}"})
    assert Ban.objects.count() == 0


def test_without_a_proxy_the_header_is_not_believed(client, armed):
    follow_both(client, ROBOT, **{"X-Forwarded-For": "198.41.0.4"})
    assert [ban.network for ban in Ban.objects.all()] == [f"{ROBOT}/32"]


ADDRESSES = st.one_of(st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str))
HOPS = st.one_of(
    ADDRESSES, st.sampled_from(["", "unknown", "127.0.0.1", PROXY, "1.2.3.4:80", "[::1]:1", "::ffff:1.1.1.1"])
)
PUBLIC = st.ip_addresses(v=4, network="93.184.0.0/16").map(str)


@settings(max_examples=examples(300))
@given(invented=st.lists(HOPS, max_size=8), visitor=PUBLIC, outer=st.booleans())
def test_whatever_is_invented_the_rightmost_untrusted_hop_is_judged(invented, visitor, outer):
    """What the visitor writes stands left of what the proxies append, and decides neither who is judged nor how."""
    appended = [visitor, OUTER_PROXY] if outer else [visitor]
    forwarded = ", ".join([*invented, *appended])
    judged = pick(PROXY, forwarded, len(appended))
    assert judged == visitor
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.TRUSTED_PROXY_COUNT", len(appended))
        assert not never.is_a_proxy(judged, peer=PROXY, forwarded=forwarded)
        for proxy in (PROXY, OUTER_PROXY)[: len(appended)]:
            assert never.is_a_proxy(proxy, peer=PROXY, forwarded=forwarded)


@settings(max_examples=examples(300))
@given(address=ADDRESSES)
def test_a_ban_covers_one_ipv4_address_or_one_64_and_the_address_itself(address):
    network = ipaddress.ip_network(networks.of_client(address))
    parsed = ipaddress.ip_address(address)
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    assert parsed in network
    assert network.prefixlen == (32 if parsed.version == 4 else 64)
    assert str(network) in networks.around(str(parsed))


@pytest.mark.django_db
def test_no_address_of_a_published_range_is_banned_and_neighbours_are(monkeypatch):
    """Through `judge`, as the view calls it, with a warning on record for each; the neighbours show that it can ban."""
    count = examples(200)
    monkeypatch.setattr(verdicts, "MOST_AT_ONCE", 10**6)
    kept = TrapSettings.objects.create(pk=1)
    PublishedRange.objects.create(feed="google", network="66.249.64.0/18", fetched_at=clock.real_now())
    inside, outside = ipaddress.ip_address("66.249.64.0"), ipaddress.ip_address("93.184.0.1")

    def followed_both(address: str) -> str:
        for step in (trap_links.FIRST, trap_links.SECOND):
            outcome = verdicts.judge(verdicts.Visit(address, step, "Googlebot" if address < "9" else "a-robot"), kept)
        return outcome

    assert {followed_both(str(inside + number)) for number in range(count)} == {Hit.Outcome.SPARED}
    assert Ban.objects.count() == 0
    assert {followed_both(str(outside + number)) for number in range(20)} == {Hit.Outcome.BANNED}
