"""Visitors cannot choose their own address, however many headers they send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.remote_addr import client_address, network, pick

PEER = "10.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, PEER),
        ("198.51.100.7", 0, PEER),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("198.51.100.7", 2, "198.51.100.7"),
        ("", 1, PEER),
        (" ", 1, PEER),
        ("unknown", 1, PEER),
        ("198.51.100.7, nonsense, 10.0.0.2", 3, "10.0.0.2"),
        ("198.51.100.7:4711", 1, "198.51.100.7"),
        ("[2001:DB8::0:7]:4711", 1, "2001:db8::7"),
        ("2001:db8::7", 1, "2001:db8::7"),
        ("fe80::7%eth0", 1, "fe80::7"),
        ("::ffff:198.51.100.7", 1, "198.51.100.7"),
        (",,", 1, PEER),
    ],
)
def test_the_visitor_stands_left_of_the_proxies(forwarded, proxies, address):
    assert pick(PEER, forwarded, proxies) == address


@given(invented=st.text(max_size=200), proxies=st.integers(0, 3))
def test_whatever_a_visitor_sends_the_proxies_word_counts(invented, proxies):
    hops = ["198.51.100.7", "10.0.0.3", "10.0.0.2"][:proxies]
    expected = "198.51.100.7" if proxies else PEER
    assert pick(PEER, ",".join([invented, *hops]), proxies) == expected


def test_a_socket_without_an_address_leaves_the_proxys_word():
    assert pick("", "198.51.100.7", 1) == "198.51.100.7"
    assert pick("", "198.51.100.7", 0) == ""
    assert pick("unix:", "", 1) == ""


def test_the_setting_says_how_many_proxies_there_are(rf, settings):
    request = rf.get("/", REMOTE_ADDR=PEER, headers={"X-Forwarded-For": "6.6.6.6, 198.51.100.7"})
    assert client_address(request) == PEER
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_address(request) == "198.51.100.7"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_visitor_commands(address, expected):
    assert network(address) == expected
