"""Letters about the trap: one a day about what happened, one for each tripping, and how they are declined."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bottrap import digests
from bottrap.models import Hit, TrapSettings
from foundation import clock
from foundation.models import Letter
from tests import factories
from tests.bottrap.visiting import ROBOT, follow_both

DAY = dt.timedelta(days=1)


@pytest.fixture
def ann(db):
    user = factories.member_of("Author", email="ann@example.org", name="Ann")
    user.user_permissions.add(Permission.objects.get(codename="view_ban", content_type__app_label="bottrap"))
    factories.member_of("Author", email="carl@example.org")  # may not see bans
    return user


@pytest.fixture
def at(monkeypatch):
    ahead = {"by": dt.timedelta()}
    monkeypatch.setattr(clock, "offset", lambda: ahead["by"])

    def move(by: dt.timedelta) -> None:
        ahead["by"] += by

    return move


def written(kind: str) -> list[Letter]:
    return list(Letter.objects.filter(kind=kind).order_by("pk"))


def trip() -> None:
    TrapSettings.objects.update_or_create(pk=1, defaults={"tripped_at": clock.now()})


def stop_path(letter: Letter) -> str:
    return letter.stop_url.partition("http://testserver")[2]


def test_a_quiet_day_is_told_to_nobody(ann):
    assert digests.write_digests() == 0
    assert Letter.objects.count() == 0


def test_what_happened_is_told_to_those_who_may_see_bans_once_a_day(ann, armed, client, at):
    follow_both(client)
    for _ in range(3):
        call_command("send_trap_digests", verbosity=0)
    (letter,) = written("trap-digest")
    assert letter.to == "ann@example.org"
    assert "1 ban in force" in letter.text
    assert "Banned: 1" in letter.text
    assert ROBOT not in letter.text + letter.html  # letters are kept longer than visits
    at(DAY)
    assert digests.write_digests() == 1


def test_a_visit_of_the_day_before_is_no_news(ann, armed, client):
    follow_both(client)
    Hit.objects.update(at=clock.real_now() - DAY - dt.timedelta(minutes=1))
    assert digests.write_digests() == 0


def test_the_alarm_is_told_once_for_each_tripping(ann, armed, at):
    assert digests.write_alarms() == 0
    trip()
    for _ in range(3):
        call_command("send_trap_alarms", verbosity=0)
    assert [letter.to for letter in written("trap-alarm")] == ["ann@example.org"]
    TrapSettings.objects.update(tripped_at=None)
    assert digests.write_alarms() == 0
    at(dt.timedelta(hours=1))
    trip()
    assert digests.write_alarms() == 1


def test_one_press_declines_a_kind_and_another_asks_for_it_again(ann, armed, client, at):
    follow_both(client)
    digests.write_digests()
    stop = stop_path(written("trap-digest")[0])
    mail_program = Client(enforce_csrf_checks=True)
    at(DAY)
    page = mail_program.get(stop)  # looking declines nothing
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert digests.write_digests() == 1
    at(DAY)
    assert mail_program.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert digests.write_digests() == 0
    trip()
    assert digests.write_alarms() == 1  # the other kind goes on
    assert mail_program.post(stop, {"again": "yes"}).status_code == 200
    assert digests.write_digests() == 1


def test_a_declined_alarm_leaves_the_digest(ann, armed, client, at):
    trip()
    digests.write_alarms()
    assert Client().post(stop_path(written("trap-alarm")[0])).status_code == 200
    at(dt.timedelta(hours=1))
    trip()
    assert digests.write_alarms() == 0
    follow_both(client)
    assert digests.write_digests() == 1


def test_a_forged_link_declines_nothing(ann, armed, client):
    follow_both(client)
    token = digests.stop_address(digests.DIGEST, ann).rstrip("/").rpartition("/")[2]
    for forged in (token[:-2] + "xx", f"trap-digest.{ann.pk}"):
        assert Client().post(reverse("stop_trap_letters", args=[forged])).status_code == 404
    assert digests.write_digests() == 1
