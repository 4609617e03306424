"""A signed link says what it was made for and until when, and cannot be made to say anything else."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction

from foundation import clock, letters, links
from foundation.models import Letter, SpentLink
from tests.foundation.races import at_once

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


def fresh(purpose="door", value="42", lasts=HOUR):
    return links.sign(purpose, value, expires_at=clock.now() + lasts)


@pytest.mark.django_db
def test_a_link_is_spent_once_and_still_readable():
    token = fresh()
    assert not links.is_spent("door", token)
    assert links.spend("door", token) == "42"
    assert links.is_spent("door", token)
    assert links.read("door", token) == "42"
    with pytest.raises(links.LinkSpent):
        links.spend("door", token)
    assert links.spend("door", fresh(value="43")) == "43"


@pytest.mark.django_db
def test_what_is_forged_or_expired_cannot_be_spent():
    token = fresh()
    with pytest.raises(links.LinkForged):
        links.spend("window", token)
    with time_machine.travel(clock.now() + 2 * HOUR, tick=False), pytest.raises(links.LinkExpired):
        links.spend("door", token)
    assert SpentLink.objects.count() == 0


@pytest.mark.django_db
def test_a_link_whose_use_was_rolled_back_can_be_used():
    token = fresh()

    def fail():
        with transaction.atomic():
            links.spend("door", token)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert links.spend("door", token) == "42"


@pytest.mark.django_db
def test_a_second_use_leaves_the_callers_transaction_sound():
    token = fresh()
    links.spend("door", token)
    with transaction.atomic():
        with pytest.raises(links.LinkSpent):
            links.spend("door", token)
        assert SpentLink.objects.count() == 1


@pytest.mark.django_db
def test_spent_links_are_dropped_only_after_they_expired(capsys):
    token = fresh()
    links.spend("door", token)
    with time_machine.travel(clock.now() + HOUR, tick=False):
        assert links.prune() == 0
    with time_machine.travel(clock.now() + HOUR + 2 * links.KEPT_AFTER_EXPIRY, tick=False):
        call_command("prune_foundation")
    assert capsys.readouterr().out == "1 links, 0 counters dropped.\n"
    assert not links.is_spent("door", token)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_of_many_who_press_at_once_one_gets_in():
    token = fresh()
    outcomes = at_once(*[lambda: links.spend("door", token)] * 10)
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, links.LinkSpent) for outcome in outcomes) == 9


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_a_letter_posted_by_many_at_once_is_one():
    outcomes = at_once(*[lambda: letters.post("thanks:1", "ann@example.org", "Thanks", "Words", "")] * 10)
    assert outcomes == [None] * 10
    assert Letter.objects.count() == 1
