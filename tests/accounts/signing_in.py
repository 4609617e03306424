"""A reader at the door, as the tests of several folders need one: through the pages and the letter."""

import re

from django.test import Client

from foundation.models import Letter

SIGN_IN, CODE = "/account/sign-in/", "/account/code/"


def newest_code(address: str) -> str:
    letter = Letter.objects.filter(kind="sign-in-code", folded_to=address).latest("pk")
    return re.search(r"^([A-Z]{4}-[A-Z]{4})$", letter.text, re.MULTILINE)[1]


def ask(client: Client, address: str, **more):
    return client.post(SIGN_IN, {"email": address, **more})


def sign_in(client: Client, address: str, **more):
    """The answer to the right code."""
    ask(client, address, **more)
    return client.post(CODE, {"code": newest_code(address.lower()), **more})
