"""Somebody at the door of the desk, through the pages: the password, then a code as an app would count it."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

PASSWORD = "a long password"
LOGIN, FACTOR, SET_UP = "/admin/login/", "/admin/second-factor/", "/admin/second-factor/set-up/"
MY_SIGN_IN, RECOVERY = "/admin/my-sign-in/", "/admin/my-sign-in/recovery-codes/"


def type_password(client: Client, email: str = "nadia@example.org", password: str = PASSWORD, **more):
    return client.post(LOGIN, {"username": email, "password": password, "next": "/admin/"}, **more)


def code_of(secret: str, steps: int = 0) -> str:
    """Of this half minute, or of one so many after it."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def secret_on(page) -> str:
    return re.search(r'door__secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


def set_up(client: Client, email: str = "nadia@example.org") -> str:
    """Signs in for the first time, with an app. Answers with its secret."""
    assert type_password(client, email).url == SET_UP
    secret = secret_on(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": code_of(secret)})
    assert answer.status_code == 302, answer.text
    return secret


def codes_shown(client: Client) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code>", client.get(RECOVERY).text)


def is_inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
