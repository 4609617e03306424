"""The page that leads to real money says what the code does."""

import re
from pathlib import Path

from donations import handlers
from donations.stripe_gateway import API_VERSION

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "going-live.md").read_text()


def listed_events() -> set[str]:
    """The types that the endpoint is to be given; one that begins with a dot goes on from the one before."""
    step = PAGE.partition("and these events:")[2].partition("Put its signing secret")[0]
    found, stem = set(), ""
    for name in re.findall(r"`([a-z_.]+)`", step):
        full = stem + name if name.startswith(".") else name
        stem = full.rpartition(".")[0]
        found.add(full)
    return found


def test_the_endpoint_is_given_the_events_that_something_follows_from():
    assert listed_events() == set(handlers.types())


def test_the_endpoint_is_given_the_version_that_is_spoken():
    assert f"**{API_VERSION}**" in PAGE


def test_every_setting_that_is_named_exists():
    example = (Path(__file__).resolve().parent.parent.parent / ".env.example").read_text()
    for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", PAGE):
        assert f"{name}=" in example, name
