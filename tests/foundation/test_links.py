"""A signed link says what it was made for and until when, and cannot be made to say anything else."""

import datetime as dt

import pytest
import time_machine

from foundation import clock, links

HOUR = dt.timedelta(hours=1)


def test_a_link_gives_back_its_value():
    token = links.sign("door", "42", expires_at=clock.now() + HOUR)
    assert links.read("door", token) == "42"


def test_a_link_made_for_one_purpose_does_not_serve_another():
    token = links.sign("door", "42", expires_at=clock.now() + HOUR)
    with pytest.raises(links.LinkForged):
        links.read("window", token)


def test_a_link_ends_in_the_second_it_names():
    ends = clock.now().replace(microsecond=0) + HOUR
    token = links.sign("door", "42", expires_at=ends)
    with time_machine.travel(ends - dt.timedelta(seconds=1), tick=False):
        assert links.read("door", token) == "42"
    with time_machine.travel(ends, tick=False), pytest.raises(links.LinkExpired):
        links.read("door", token)


def test_a_changed_token_is_refused():
    token = links.sign("door", "42", expires_at=clock.now() + HOUR)
    changed = [token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in (0, 5)]
    for forged in (*changed, token[:-4], "", "a:b", "é", token + "x"):
        with pytest.raises(links.LinkForged):
            links.read("door", forged)


def test_another_secret_key_refuses_it(settings):
    token = links.sign("door", "42", expires_at=clock.now() + HOUR)
    settings.SECRET_KEY = "another"
    with pytest.raises(links.LinkForged):
        links.read("door", token)
