"""Whom to tell of a weakness."""

import datetime as dt
import re
from pathlib import Path

from foundation import clock

PATH = "/.well-known/security.txt"


def test_it_names_whom_to_write_to_and_for_how_long_that_holds(client, settings):
    settings.SECURITY_CONTACT = ["mailto:security@news.example.org", "https://news.example.org/contact/"]
    settings.SECURITY_POLICY = "https://news.example.org/policy/"
    answer = client.get(PATH)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[:2] == ["Contact: mailto:security@news.example.org", "Contact: https://news.example.org/contact/"]
    assert f"Canonical: {settings.SITE_URL}{PATH}" in lines
    assert "Policy: https://news.example.org/policy/" in lines
    (ends,) = re.findall(r"^Expires: (\S+)$", answer.text, re.MULTILINE)
    left = dt.datetime.fromisoformat(ends) - clock.real_now()
    assert dt.timedelta(days=100) < left < dt.timedelta(days=365)


def test_there_is_always_somebody_to_write_to(client, settings):
    assert f"Contact: mailto:{settings.DEFAULT_FROM_EMAIL}" in client.get(PATH).text
    assert "Policy:" not in client.get(PATH).text


def test_the_repository_says_it_too():
    assert PATH in (Path(__file__).resolve().parents[2] / "SECURITY.md").read_text()
