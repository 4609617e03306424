"""What staff see and do: bans, visits, settings, rules, panels, lists for the front server, and what is forgotten."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from bottrap import arming, bans, panels, retention
from bottrap.checks import networks_are_networks
from bottrap.models import Ban, Hit, TrapSettings
from foundation import clock
from tests import factories
from tests.bottrap.visiting import OTHER, ROBOT, ROBOT_IPV6, follow_both

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/bottrap/ban/", "/admin/bottrap/ban/add/"


@pytest.fixture
def staff(admin_client):
    return admin_client


def test_every_page_of_the_desk_opens(client, staff, armed):
    follow_both(client)
    ban, hit = Ban.objects.get(), Hit.objects.first()
    pages = [LIST, ADD, f"{LIST}{ban.pk}/change/", f"{LIST}?standing=held", f"{LIST}?standing=over"]
    pages += ["/admin/bottrap/hit/", f"/admin/bottrap/hit/{hit.pk}/change/", "/admin/bottrap/publishedrange/"]
    pages += ["/admin/bottrap/crawlrule/", "/admin/bottrap/crawlrule/add/", "/admin/bottrap/trapsettings/1/change/"]
    assert {page: staff.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_a_ban_is_added_by_hand_for_as_long_as_wanted(staff):
    staff.post(ADD, {"address": ROBOT_IPV6, "days": 3, "reason": "Scrapes", "note": "Seen in the log"})
    ban = Ban.objects.get()
    assert (ban.network, ban.source, ban.note) == ("2606:2800:21f:cb07::/64", Ban.Source.HAND, "Seen in the log")
    assert ban.expires_at - ban.banned_at == dt.timedelta(days=3)


REFUSED = [
    {"address": "127.0.0.1"},
    {"address": "10.0.0.0/8"},
    {"address": "x"},
    {"days": 0},
    {"days": 366},
    {"reason": ""},
]


@pytest.mark.parametrize("told", REFUSED)
def test_a_ban_by_hand_that_may_not_be_is_refused_with_words(staff, told):
    answer = staff.post(ADD, {"address": ROBOT, "days": 1, "reason": "Scrapes", "note": "", **told})
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert Ban.objects.count() == 0


def test_staff_lift_and_that_is_no_repetition(client, staff, armed):
    follow_both(client)
    ban = Ban.objects.get()
    staff.post(LIST, {"action": "lift", "_selected_action": [ban.pk]})
    ban.refresh_from_db()
    assert (ban.lifted, ban.times) == (Ban.Lifted.STAFF, 0)
    follow_both(client)
    ban.refresh_from_db()
    assert ban.expires_at - ban.banned_at == dt.timedelta(hours=1)


def test_only_the_note_of_a_ban_can_be_changed(client, staff, armed):
    follow_both(client)
    ban = Ban.objects.get()
    staff.post(f"{LIST}{ban.pk}/change/", {"note": "A library", "network": "1.1.1.1/32", "reason": "x"})
    ban.refresh_from_db()
    assert (ban.note, ban.network) == ("A library", f"{ROBOT}/32")


def test_an_editor_without_the_right_sees_no_ban(client, armed):
    follow_both(client)
    editor = factories.editor()
    type(editor).objects.filter(pk=editor.pk).update(is_superuser=False)
    client.force_login(type(editor).objects.get(pk=editor.pk))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}deny.conf").status_code == 403


def test_the_settings_are_told_to_pages_at_once_and_the_breaker_is_closed_by_hand(staff, armed):
    assert arming.is_shown()
    TrapSettings.objects.update(tripped_at=clock.now())
    address = "/admin/bottrap/trapsettings/1/change/"
    staff.post(address, {"is_on": "", "ai_crawlers": "GPTBot"})
    assert not arming.is_shown()
    assert TrapSettings.load().tripped_at is not None
    staff.post(address, {"is_on": "on", "close_breaker": "on", "ai_crawlers": "GPTBot"})
    assert arming.is_shown()
    assert TrapSettings.load().tripped_at is None


def test_the_front_server_is_told_what_holds(client, staff, armed, capsys):
    for address in (ROBOT, ROBOT_IPV6, OTHER):
        follow_both(client, address)
    bans.lift(f"{OTHER}/32", by=Ban.Lifted.STAFF)
    lines = staff.get(f"{LIST}deny.conf").text.splitlines()
    assert [line.partition("  #")[0] for line in lines] == ["deny 2606:2800:21f:cb07::/64;", f"deny {ROBOT}/32;"]
    call_command("export_bans")
    assert capsys.readouterr().out.splitlines() == lines
    call_command("export_bans", "--for-geo")
    told = [line.partition("  #")[0] for line in capsys.readouterr().out.splitlines()]
    assert told == ["2606:2800:21f:cb07::/64 1;", f"{ROBOT}/32 1;"]


def test_the_front_servers_file_is_replaced_whole_and_only_when_it_says_something_else(
    client, armed, settings, tmp_path, capsys
):
    file = tmp_path / "bans.conf"
    settings.FRONT_BANS_FILE = str(file)
    call_command("write_bans")
    assert file.read_text() == ""
    follow_both(client, ROBOT)
    call_command("write_bans")
    first = file.stat().st_ino
    call_command("write_bans")
    assert file.read_text().startswith(f"{ROBOT}/32 1;")
    assert file.stat().st_ino == first
    assert "Nothing has changed" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [file]


def test_the_desk_shows_the_days_digest_and_nothing_on_a_quiet_day(client, staff, armed, rf):
    assert panels.digest(rf.get("/")) is None
    follow_both(client)
    page = staff.get("/admin/").text
    assert "The trap today" in page
    assert f"{ROBOT}/32" in page
    assert "The trap bans nobody" not in page


def test_a_tripped_breaker_stands_at_the_top_of_the_desk(staff, armed):
    TrapSettings.objects.update(tripped_at=clock.now())
    page = staff.get("/admin/").text
    assert "The trap bans nobody" in page


def test_visits_are_forgotten_after_a_month_and_bans_three_months_after_their_end(client, armed):
    follow_both(client)
    moment = clock.real_now()
    kept = {}
    for days in (29, 31, 89, 92):
        with time_machine.travel(moment + dt.timedelta(days=days), tick=False):
            retention.prune()
            kept[days] = Hit.objects.count(), Ban.objects.count()
    assert kept == {29: (2, 1), 31: (0, 1), 89: (0, 1), 92: (0, 0)}


def test_a_list_with_nonsense_is_reported(settings):
    settings.TRAP_NEVER_BAN = ["10.0.0.0/8", "2001:db8::1"]
    assert networks_are_networks(None) == []
    settings.TRAP_NEVER_BAN = ["10.0.0.0/8", "our proxy"]
    assert "our proxy" in networks_are_networks(None)[0].msg
