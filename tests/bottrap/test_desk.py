"""What staff see and do: bans, visits, settings, rules, panels, lists for the front server, and what is forgotten."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.management import call_command

from bottrap import arming, bans, panels, retention
from bottrap.checks import networks_are_networks
from bottrap.models import Ban, Hit, PublishedRange, TrapSettings
from foundation import clock
from tests import factories
from tests.bottrap.visiting import OTHER, ROBOT, ROBOT_IPV6, follow_both, numbered

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


def test_without_published_ranges_it_is_said_why(staff, db):
    assert "CRAWLER_RANGES names no list yet" in staff.get("/admin/bottrap/publishedrange/").text
    PublishedRange.objects.create(feed="google", network="66.249.64.0/19", fetched_at=clock.real_now())
    assert "CRAWLER_RANGES" not in staff.get("/admin/bottrap/publishedrange/").text


def test_a_ban_is_added_by_hand_for_as_long_as_wanted(staff):
    staff.post(ADD, {"address": ROBOT_IPV6, "days": 3, "reason": "Scrapes", "note": "Seen in the log"})
    ban = Ban.objects.get()
    assert (ban.network, ban.source, ban.note) == ("2606:2800:21f:cb07::/64", Ban.Source.HAND, "Seen in the log")
    assert ban.expires_at - ban.banned_at == dt.timedelta(days=3)


REFUSED = [
    ({"address": "127.0.0.1"}, "127.0.0.1 is never banned: not an address of the open internet."),
    ({"address": "fe80::1%eth0"}, "fe80::1 is never banned: not an address of the open internet."),
    ({"address": "8.0.0.0/8"}, "8.0.0.0/8 is a network of many visitors"),
    ({"address": "2606:2800::/32"}, "2606:2800::/32 is a network of many visitors"),
    ({"address": "999.1.1.1"}, "“999.1.1.1” is no address. Write one like"),
    ({"address": "x"}, "“x” is no address. Write one like"),
    ({"address": ""}, "This field is required."),
    ({"days": 0}, "At least one day."),
    ({"days": 366}, "At most 365 days."),
    ({"days": "long"}, "Write a number of days."),
    ({"reason": ""}, "This field is required."),
]


@pytest.mark.parametrize(("told", "words"), REFUSED)
def test_a_ban_by_hand_that_may_not_be_is_refused_with_words_and_nothing_typed_is_lost(staff, told, words):
    answer = staff.post(ADD, {"address": ROBOT, "days": 1, "reason": "Scrapes", "note": "Seen in the log", **told})
    assert answer.status_code == 200
    assert words in answer.text
    assert "Seen in the log" in answer.text
    assert str(told.get("address", ROBOT)) in answer.text
    assert Ban.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        (f" {ROBOT} ", f"{ROBOT}/32"),
        (f"{ROBOT}/32", f"{ROBOT}/32"),
        (f"{ROBOT}:443", f"{ROBOT}/32"),
        (f"::ffff:{ROBOT}", f"{ROBOT}/32"),
        (f"[{ROBOT_IPV6}]:443", "2606:2800:21f:cb07::/64"),
        (f"{ROBOT_IPV6}%eth0", "2606:2800:21f:cb07::/64"),
        ("2606:2800:21f:cb07::/64", "2606:2800:21f:cb07::/64"),
    ],
)
def test_an_address_is_understood_as_lists_and_logs_write_it(staff, typed, network):
    staff.post(ADD, {"address": typed, "days": 1, "reason": "Scrapes", "note": ""})
    assert Ban.objects.get().network == network


def test_nobody_bans_their_own_address_a_proxy_or_whom_is_banned_already(client, staff, armed, settings):
    def told(address, **headers):
        sent = {"address": address, "days": 1, "reason": "Scrapes", "note": ""}
        return staff.post(ADD, sent, REMOTE_ADDR=OTHER, headers=headers).text

    assert f"{OTHER} is where you are yourself" in told(OTHER)
    settings.TRUSTED_PROXY_COUNT = 1
    assert f"{OTHER} is never banned: one of our own proxies." in told(OTHER, **{"X-Forwarded-For": ROBOT_IPV6})
    settings.TRUSTED_PROXY_COUNT = 0
    follow_both(client)
    assert f"{ROBOT}/32 is banned already, until " in told(ROBOT)
    assert Ban.objects.get().source == Ban.Source.TRAP


def test_staff_lift_and_that_is_no_repetition(client, staff, armed):
    follow_both(client)
    ban = Ban.objects.get()
    staff.post(LIST, {"action": "lift", "_selected_action": [ban.pk]})
    ban.refresh_from_db()
    assert (ban.lifted, ban.times) == (Ban.Lifted.STAFF, 0)
    follow_both(client)
    ban.refresh_from_db()
    assert ban.expires_at - ban.banned_at == dt.timedelta(hours=1)


def test_one_press_lifts_a_ban_in_the_list_and_on_its_own_page(client, staff, armed):
    for address in (ROBOT, OTHER):
        follow_both(client, address)
    one, other = Ban.objects.get(network=f"{ROBOT}/32"), Ban.objects.get(network=f"{OTHER}/32")
    assert staff.get(LIST).text.count('name="_lift"') == 2
    answer = staff.post(LIST, {"_lift": one.pk}, follow=True)
    assert f"{ROBOT}/32 is not banned any more." in answer.text
    page = f"{LIST}{other.pk}/change/"
    assert 'name="_lift"' in staff.get(page).text
    answer = staff.post(page, {"note": "A library", "_lift": "yes"}, follow=True)
    assert f"{OTHER}/32 is not banned any more." in answer.text
    assert 'name="_lift"' not in staff.get(page).text + staff.get(LIST).text
    other.refresh_from_db()
    assert (other.lifted, other.note) == (Ban.Lifted.STAFF, "A library")
    assert Ban.objects.active().count() == 0


@pytest.mark.parametrize("pk", ["0", "x", "9" * 30, ""])
def test_a_ban_that_is_none_is_not_lifted(staff, pk):
    assert "Nothing to lift" in staff.post(LIST, {"_lift": pk}, follow=True).text


def test_whoever_may_only_look_is_shown_no_button_and_lifts_nothing(client, armed):
    follow_both(client)
    reader = factories.editor()
    type(reader).objects.filter(pk=reader.pk).update(is_superuser=False)
    reader.user_permissions.add(Permission.objects.get(codename="view_ban"))
    client.force_login(type(reader).objects.get(pk=reader.pk))
    ban = Ban.objects.get()
    assert 'name="_lift"' not in client.get(LIST).text + client.get(f"{LIST}{ban.pk}/change/").text
    assert client.post(LIST, {"_lift": ban.pk}).status_code == 403
    assert client.post(f"{LIST}{ban.pk}/change/", {"note": "", "_lift": "yes"}).status_code == 403
    assert Ban.objects.active().count() == 1


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


def test_closed_by_hand_the_breaker_lets_twenty_more_be_banned(client, staff, armed):
    for number in range(21):
        follow_both(client, numbered(number))
    assert Ban.objects.count() == 20
    staff.post("/admin/bottrap/trapsettings/1/change/", {"is_on": "on", "close_breaker": "on", "ai_crawlers": ""})
    for number in range(30, 51):
        follow_both(client, numbered(number))
    assert Ban.objects.count() == 40
    assert TrapSettings.load().tripped_at is not None


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ({}, "It bites. Armed since"),
        ({"is_on": False}, "Not laid: no page carries its links"),
        ({"dry_run": True}, "Dry run: it writes down whom it would ban"),
        ({"forbidden_since": None}, "It bites three days after robots.txt is first asked for."),
        ({"forbidden_since": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}, "It bites from 4 January 2100"),
        ({"tripped_at": dt.datetime(2026, 1, 2, 3, tzinfo=dt.UTC)}, "The breaker is open since 2 January 2026"),
    ],
)
def test_the_settings_say_in_words_what_the_trap_does(staff, armed, kept, words):
    TrapSettings.objects.update(**kept)
    page = staff.get("/admin/bottrap/trapsettings/1/change/").text
    assert words in page
    assert ("close_breaker" in page) == ("tripped_at" in kept)


def test_a_crawlers_name_that_is_none_is_refused_and_the_list_kept(staff, armed):
    address = "/admin/bottrap/trapsettings/1/change/"
    answer = staff.post(address, {"is_on": "on", "ai_crawlers": "GPTBot\nAll of them!"})
    assert "“All of them!” is no crawler’s name" in answer.text.replace("&#x27;", "’")
    assert "GPTBot\nAll of them!" in answer.text
    staff.post(address, {"is_on": "on", "ai_crawlers": " GPTBot \r\n\r\nCCBot"})
    assert TrapSettings.load().ai_crawlers == "GPTBot\nCCBot\n"


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
