"""The way out for a person at a banned address."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from bottrap.models import Ban
from foundation import clock
from tests.bottrap.visiting import OTHER, ROBOT, follow_both

pytestmark = pytest.mark.django_db


def lift(client, address=ROBOT, **headers):
    return client.post("/banned/", REMOTE_ADDR=address, headers=headers)


def held() -> list[str]:
    return list(Ban.objects.active().values_list("network", flat=True))


def test_whoever_is_not_banned_is_told_so(client):
    for answer in (client.get("/banned/", REMOTE_ADDR=ROBOT), lift(client)):
        assert answer.status_code == 200
        assert "You are not banned" in answer.text
        assert "no-store" in answer["Cache-Control"]


def test_one_post_lifts_without_a_token_and_a_look_does_not(armed):
    client = Client(enforce_csrf_checks=True)
    follow_both(client)
    assert "I am a person" in client.get("/banned/", REMOTE_ADDR=ROBOT).text
    assert held() == [f"{ROBOT}/32"]
    assert lift(client).status_code == 303
    assert held() == []
    assert Ban.objects.get().lifted == Ban.Lifted.PERSON


def test_nobody_lifts_the_ban_of_another(client, armed):
    follow_both(client)
    lift(client, OTHER)
    assert held() == [f"{ROBOT}/32"]


def test_another_site_cannot_press_the_button(client, armed):
    follow_both(client)
    assert lift(client, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert held() == [f"{ROBOT}/32"]


def test_a_robot_that_presses_the_button_is_let_out_three_times_a_day(client, armed):
    answers = []
    for _ in range(4):
        follow_both(client)
        answers.append(lift(client))
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert "Tomorrow you can open it once more." in answers[-1].text
    assert "<button" not in answers[-1].text
    assert held() == [f"{ROBOT}/32"]


def test_each_repetition_lasts_longer_up_to_a_month(client, armed):
    terms, moment = [], clock.real_now()
    for _ in range(5):
        with time_machine.travel(moment, tick=False):
            follow_both(client)
            ban = Ban.objects.get()
            terms.append(ban.expires_at - ban.banned_at)
            moment = ban.expires_at + dt.timedelta(minutes=1)
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    assert terms == [hour, day, 7 * day, 30 * day, 30 * day]


def test_a_ban_ends_by_itself(client, armed):
    follow_both(client)
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=59), tick=False):
        assert held() == [f"{ROBOT}/32"]
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=61), tick=False):
        assert held() == []
