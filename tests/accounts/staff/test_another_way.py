"""A further second factor for somebody who has one; above all an app, of which there is room for one."""

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.staff import factors
from foundation.models import Letter
from tests.accounts.staff.entering import (
    FACTOR,
    MY_SIGN_IN,
    RECOVERY,
    SET_UP,
    code_of,
    codes_shown,
    secret_on,
    set_up,
    type_password,
)


def kept(client: Client) -> str:
    """Inside, with an app and with recovery codes written down. Answers with the app's secret."""
    secret = set_up(client)
    client.post(RECOVERY)
    return secret


def opens(secret: str, steps: int) -> bool:
    other = Client()
    type_password(other)
    return other.post(FACTOR, {"code": code_of(secret, steps)}).status_code == 302


def test_another_app_takes_the_place_of_the_first_only_when_that_is_asked_for(client, nadia):
    old = kept(client)
    page = client.get(SET_UP)
    assert "a new app takes its place" in page.text
    new, typed = secret_on(page), code_of(secret_on(page))
    answer = client.post(SET_UP, {"code": typed})
    assert answer.status_code == 422
    assert "Tick the box" in answer.text
    assert f'value="{typed}"' in answer.text
    assert opens(old, 1)
    assert client.post(SET_UP, {"code": typed, "replaces": "on"}).url == MY_SIGN_IN
    assert not opens(old, -1)
    assert opens(new, 1)


def test_the_tick_stays_beside_a_wrong_code(client, nadia):
    kept(client)
    new = secret_on(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": code_of(new, 9), "replaces": "on"})
    assert answer.status_code == 422
    assert 'name="replaces" required checked' in answer.text


def test_recovery_codes_outlast_another_app_and_the_page_says_so(client, nadia):
    set_up(client)
    codes = codes_shown(client)
    client.post(RECOVERY)
    page = client.get(SET_UP)
    assert "Your recovery codes stay as they are; 10 are left." in page.text
    told = {"code": code_of(secret_on(page)), "replaces": "on"}
    assert "Your recovery codes stay as they are; 10 are left." in client.post(SET_UP, told, follow=True).text
    assert factors.recovery_codes(nadia) == codes


def test_the_owner_hears_by_letter_that_the_app_is_another_one(client, nadia):
    kept(client)
    client.post(SET_UP, {"code": code_of(secret_on(client.get(SET_UP))), "replaces": "on"})
    assert Letter.objects.filter(to=nadia.email).latest("pk").subject == "Your app was replaced"


def test_who_has_no_app_is_asked_for_no_tick(client, nadia, settings):
    settings.STAFF_SECOND_FACTOR = False
    type_password(client)
    page = client.get(SET_UP)
    assert 'name="replaces"' not in page.text
    assert client.post(SET_UP, {"code": code_of(secret_on(page))}).status_code == 302
    assert Authenticator.objects.filter(type="totp").exists()


def test_of_two_half_sign_ins_the_later_is_led_to_the_factor_that_the_first_added(client, nadia, monkeypatch):
    other = Client()
    type_password(other)
    secret = secret_on(other.get(SET_UP))
    set_up(client)
    look = factors.has_any
    answers = iter([False])  # as the page looked before the first was through
    monkeypatch.setattr(factors, "has_any", lambda user: next(answers, None) is not False and look(user))
    answer = other.post(SET_UP, {"code": code_of(secret), "replaces": "on"}, follow=True)
    assert answer.redirect_chain == [(FACTOR, 302)]
    assert "Meanwhile a second step was set up" in answer.text
    assert Authenticator.objects.get(type="totp").pk == factors.app_of(nadia).pk
    assert "_auth_user_id" not in other.session
