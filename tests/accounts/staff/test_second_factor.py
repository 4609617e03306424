"""The way into the desk by password and second factor, walked through the pages."""

import base64
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from accounts.models import RightsChange
from accounts.staff import door, factors, sessions, throttle
from foundation.models import Letter
from tests import factories
from tests.accounts.signing_in import sign_in
from tests.accounts.staff.entering import (
    FACTOR,
    LOGIN,
    MY_SIGN_IN,
    RECOVERY,
    SET_UP,
    code_of,
    codes_shown,
    is_inside,
    secret_on,
    set_up,
    type_password,
)

NEXT_STEP = 1  # a code of the coming half minute: the present one opened the door already


def letters() -> list[str]:
    return list(Letter.objects.filter(kind="desk-sign-in").order_by("pk").values_list("subject", flat=True))


def test_the_first_sign_in_leads_to_setting_up_and_opens_nothing_before(client, nadia):
    assert type_password(client).url == SET_UP
    assert not is_inside(client)
    assert "_auth_user_id" not in client.session
    assert client.get("/account/").status_code == 302


def test_an_app_is_set_up_and_recovery_codes_are_shown_until_they_are_kept(client, nadia):
    set_up(client)
    assert is_inside(client)
    codes = codes_shown(client)
    assert len(set(codes)) == 10
    assert codes_shown(client) == codes
    assert client.post(RECOVERY, {"next": "/admin/"}).url == "/admin/"
    assert client.get(RECOVERY).url == MY_SIGN_IN
    assert letters() == ["A second factor was added"]


def test_a_wrong_code_sets_up_nothing_and_the_key_stays(client, nadia):
    type_password(client)
    secret = secret_on(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": "000000" if code_of(secret) != "000000" else "000001"})
    assert answer.status_code == 422
    assert "not the code of this moment" in answer.text
    assert secret_on(answer) == secret
    assert not Authenticator.objects.exists()
    assert not is_inside(client)


def test_password_and_code_open_the_desk_and_the_password_alone_does_not(client, nadia):
    secret = set_up(client)
    other = Client()
    assert type_password(other).url == FACTOR
    assert not is_inside(other)
    assert other.get(SET_UP).url == FACTOR
    answer = other.post(FACTOR, {"code": code_of(secret, NEXT_STEP)})
    assert answer.url == "/admin/"
    assert is_inside(other)


def test_a_code_opens_once(client, nadia):
    secret = set_up(client)
    first, second = Client(), Client()
    type_password(first)
    type_password(second)
    code = code_of(secret, NEXT_STEP)
    assert first.post(FACTOR, {"code": code}).status_code == 302
    for same in (code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", f".{code}"):
        assert second.post(FACTOR, {"code": same}).status_code == 422, same
    assert not is_inside(second)


def test_the_code_that_set_the_app_up_or_an_old_one_opens_nothing(client, nadia):
    type_password(client)
    secret = secret_on(client.get(SET_UP))
    code = code_of(secret)
    assert client.post(SET_UP, {"code": code}).status_code == 302
    other = Client()
    type_password(other)
    assert other.post(FACTOR, {"code": code}).status_code == 422
    assert other.post(FACTOR, {"code": code_of(secret, -5)}).status_code == 422
    assert other.post(FACTOR, {"code": code_of(secret, 5)}).status_code == 422
    assert other.post(FACTOR, {"code": ""}).status_code == 422


def test_a_recovery_code_opens_once_and_is_told_by_letter(client, nadia):
    set_up(client)
    code = codes_shown(client)[3]
    first, second = Client(), Client()
    type_password(first)
    assert first.post(FACTOR, {"code": code}).status_code == 302
    assert is_inside(first)
    assert "A recovery code was used" in letters()
    type_password(second)
    assert second.post(FACTOR, {"code": code}).status_code == 422
    assert len(factors.recovery_codes(nadia)) == 9


def test_codes_are_counted_and_the_right_one_has_to_wait_too(client, nadia):
    secret = set_up(client)
    other = Client()
    type_password(other)
    answers = [other.post(FACTOR, {"code": code_of(secret, 9)}).status_code for _ in range(throttle.CODES)]
    assert 429 in answers
    assert other.post(FACTOR, {"code": code_of(secret, NEXT_STEP)}).status_code == 429
    assert "wait a quarter of an hour" in other.post(FACTOR, {"code": "1"}).text


def test_half_a_sign_in_ends_after_ten_minutes(client, nadia, monkeypatch):
    secret = set_up(client)
    other = Client()
    type_password(other)
    monkeypatch.setattr(door, "PATIENCE", -door.PATIENCE)
    assert other.post(FACTOR, {"code": code_of(secret, NEXT_STEP)}).url == LOGIN
    assert not is_inside(other)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "!"}])
def test_half_a_sign_in_is_over_when_the_person_changes(client, nadia, change):
    secret = set_up(client)
    other = Client()
    type_password(other)
    type(nadia).objects.filter(pk=nadia.pk).update(**change)
    assert other.post(FACTOR, {"code": code_of(secret, NEXT_STEP)}).url == LOGIN


def test_one_persons_code_does_not_open_for_another(client, nadia):
    secret = set_up(client)
    factories.editor(email="omar@example.org")
    omar = Client()
    set_up(omar, "omar@example.org")
    again = Client()
    type_password(again, "omar@example.org")
    assert again.post(FACTOR, {"code": code_of(secret, NEXT_STEP)}).status_code == 422


def test_an_answer_that_no_passkey_gave_opens_nothing(client, nadia):
    set_up(client)
    other = Client()
    type_password(other)
    for answer in ("{}", "[]", "1", "null", '{"id": "x", "response": {}}', "no json"):
        assert other.post(FACTOR, {"credential": answer}).status_code == 422, answer
    assert not is_inside(other)


def test_an_answer_that_no_passkey_gave_is_not_added(client, nadia):
    type_password(client)
    client.get(SET_UP)
    for answer in ("{}", "[]", "1", "null", '{"id": "x", "rawId": "eA", "type": "public-key", "response": {}}', "no"):
        assert client.post(SET_UP, {"credential": answer}).status_code == 422, answer
    assert not Authenticator.objects.exists()


def _registration(attestation: bytes) -> str:
    """As a browser would send it, with these bytes for what the key says of itself."""
    told = {"type": "webauthn.create", "challenge": "eA", "origin": "http://testserver"}
    packed = {"clientDataJSON": json.dumps(told).encode(), "attestationObject": attestation}
    response = {name: base64.urlsafe_b64encode(value).rstrip(b"=").decode() for name, value in packed.items()}
    return json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": response})


@pytest.mark.parametrize("attestation", [b"\xa0", b"\xa0\xff", b"\xa1", b"\x9b\xff", b"\x81" * 9000, b"\xff\xfe"])
def test_bytes_that_no_passkey_makes_are_refused_in_words(client, nadia, attestation):
    type_password(client)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"credential": _registration(attestation)})
    assert answer.status_code == 422
    assert "The passkey did not answer" in answer.text


def test_the_secret_does_not_lie_open_in_the_database(client, nadia):
    secret = set_up(client)
    app = Authenticator.objects.get(type="totp")
    assert secret not in str(app.data)
    assert len(app.data["secret"]) > 80


def test_a_session_that_began_with_a_password_alone_is_over_once_a_factor_is_asked_for(client, nadia, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert type_password(client).url == "/admin/"
    assert is_inside(client)
    settings.STAFF_SECOND_FACTOR = True
    assert not is_inside(client)
    assert "_auth_user_id" not in client.session


def test_in_the_demo_the_printed_password_alone_enters_and_a_factor_may_be_added(client, nadia, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert type_password(client).url == "/admin/"
    secret = secret_on(client.get(SET_UP))
    assert client.post(SET_UP, {"code": code_of(secret)}).url == RECOVERY
    other = Client()
    assert type_password(other).url == FACTOR


def test_a_reader_by_code_who_works_here_is_asked_for_both(client, nadia):
    set_up(client)
    reader = Client()
    sign_in(reader, nadia.email)
    assert reader.get("/account/").status_code == 200
    assert not is_inside(reader)
    assert reader.get(SET_UP).url == LOGIN
    assert reader.get(FACTOR).url == LOGIN
    assert reader.get(MY_SIGN_IN).status_code == 302


def test_the_shell_takes_everything_away_and_it_is_written_down(client, nadia, caplog):
    set_up(client)
    call_command("reset_second_factor", "Nadia@example.org", verbosity=0)
    assert not Authenticator.objects.exists()
    assert not is_inside(client)
    assert "taken away at the shell" in caplog.text
    assert letters()[-1] == "Your second factors were taken away"
    row = RightsChange.objects.first()
    assert row.whom == nadia.email
    assert row.by_name.startswith("the shell")
    assert "all second factors taken away" in row.what
    assert type_password(Client()).url == SET_UP


def test_the_last_factor_is_not_removed_where_one_is_needed(client, nadia, settings):
    set_up(client)
    app = Authenticator.objects.get(type="totp")
    page = client.post(MY_SIGN_IN, {"do": "remove", "id": app.pk}, follow=True)
    assert "one second factor is always needed" in page.text
    assert factors.has_any(nadia)
    settings.STAFF_SECOND_FACTOR = False
    client.post(MY_SIGN_IN, {"do": "remove", "id": app.pk})
    assert not Authenticator.objects.exists()


def test_what_opens_the_desk_is_changed_only_shortly_after_signing_in(client, nadia, monkeypatch):
    set_up(client)
    client.post(RECOVERY)
    monkeypatch.setattr(sessions, "FRESH", -sessions.FRESH)
    before = factors.recovery_codes(nadia)
    assert client.get(SET_UP).url == MY_SIGN_IN
    client.post(MY_SIGN_IN, {"do": "renew"})
    assert factors.recovery_codes(nadia) == before
    assert "sign in again" in client.get(MY_SIGN_IN).text
    assert client.post(MY_SIGN_IN, {"do": "again"}).url == f"{LOGIN}?next=%2Fadmin%2Fmy-sign-in%2F"
    assert not is_inside(client)


def test_new_recovery_codes_make_the_old_ones_void(client, nadia):
    set_up(client)
    old = codes_shown(client)
    client.post(MY_SIGN_IN, {"do": "renew"})
    assert not set(old) & set(codes_shown(client))
    assert letters()[-1] == "New recovery codes"


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"])
def test_the_way_in_leads_nowhere_else(client, nadia, onward):
    client.post(LOGIN, {"username": nadia.email, "password": "a long password", "next": onward})
    secret = secret_on(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": code_of(secret)})
    assert answer.url.startswith(RECOVERY)
    assert "elsewhere" not in answer.url
    assert client.post(RECOVERY, {"next": onward}).url == "/admin/"


@pytest.mark.parametrize("address", [LOGIN, SET_UP, FACTOR])
def test_the_pages_of_the_door_are_never_kept_and_stand_under_the_desks_policy(client, nadia, address):
    set_up(client)
    other = Client()
    type_password(other, "nobody@example.org" if address == LOGIN else nadia.email)
    answer = other.get(address)
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"unsafe|https?:", policy)
