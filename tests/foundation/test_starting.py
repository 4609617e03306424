"""A start that is refused says why, in front of the server and at every command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from foundation import starting

PROJECT = Path(__file__).resolve().parent.parent.parent
GOOD = "k7Hq_2mVx9Lw4Zt8Rb1Nc6Yd3Fs5Gj0PaQeUiOoXzTlKvBn"
SAFE = {"SECRET_KEY": GOOD, "ALLOWED_HOSTS": ["news.example.org"], "DEBUG": False, "DEMO": False}
STRIPE = {"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRETS": ["whsec_1"]}


def refused(**settings) -> str:
    with override_settings(**{**SAFE, **settings}):
        try:
            starting.refuse()
        except ImproperlyConfigured as refusal:
            return str(refusal)
    return ""


def test_settings_that_are_safe_start():
    assert refused() == ""
    assert refused(**STRIPE) == ""
    assert refused(**STRIPE, STRIPE_LIVE=True) == ""
    assert refused(DEBUG=True, ALLOWED_HOSTS=["localhost", "127.0.0.1"], SECRET_KEY="short", HTTPS=False) == ""


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SECRET_KEY": "only-for-debugging-" + "x" * 40}, "SECRET_KEY is short, or one that is written in public"),
        ({"SECRET_KEY": f"django-insecure-{GOOD}"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": GOOD[:20]}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": ["news.example.org", ""]}, "ALLOWED_HOSTS is empty, or holds an empty name"),
        ({"ALLOWED_HOSTS": ["*"]}, "answer to any name"),
        ({"DEBUG": True}, "DEBUG is true on a site that others can reach"),
        ({"DEBUG": True, "ALLOWED_HOSTS": ["localhost"], "HTTPS": True}, "DEBUG is true"),
        ({**STRIPE, "STRIPE_WEBHOOK_SECRETS": []}, "STRIPE_WEBHOOK_SECRETS is not: money would be taken"),
        ({**STRIPE, "STRIPE_WEBHOOK_SECRETS": ["whsec_1", " "]}, "holds an empty secret"),
        ({**STRIPE, "STRIPE_LIVE": False}, "STRIPE_LIVE is false, and STRIPE_SECRET_KEY is a key of real money"),
        (
            {**STRIPE, "STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_LIVE": True},
            "STRIPE_LIVE is true, and STRIPE_SECRET_KEY is a key of the test mode",
        ),
        ({**STRIPE, "DEBUG": True, "ALLOWED_HOSTS": ["localhost"]}, "A live key of Stripe beside DEBUG"),
        ({**STRIPE, "STRIPE_API_BASE": "http://127.0.0.1:1"}, "A live key of Stripe would be sent to"),
        ({"DEMO": True}, "DEMO=true is for the demo on this machine"),
    ],
)
def test_each_of_these_is_refused_in_plain_words(wrong, words):
    told = refused(**wrong)
    assert told.startswith("The site does not start:\n- ")
    assert words in told


def start(**environ) -> subprocess.CompletedProcess:
    known = {"SECRET_KEY": GOOD, "BACKER_HASH_KEY": GOOD[::-1], "ALLOWED_HOSTS": "news.example.org", "DEBUG": "false"}
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-c", "import antiempire.wsgi"],
        cwd=PROJECT,
        env={**kept, "ENV_FILE": os.devnull, "DATABASE_URL": "sqlite:///:memory:", **known, **environ},
        capture_output=True,
        text=True,
    )


def test_the_server_itself_does_not_start():
    refusal = start(ALLOWED_HOSTS="")
    assert refusal.returncode != 0
    assert "The site does not start:\n- ALLOWED_HOSTS is empty" in refusal.stderr


def test_the_server_starts_with_safe_settings():
    assert start().returncode == 0
