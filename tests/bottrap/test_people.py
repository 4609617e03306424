"""Some of the ten thousand visits of `benchmarks.trap`: nobody is banned by them at the real server, and could be."""

import json

import pytest

from benchmarks.trap import people
from benchmarks.trap.__main__ import COUNTED, links_of
from tests.bottrap.serving import running

VISITS = 56  # each kind that is written down, four times


@pytest.fixture(scope="module", params=["tests.settings", "benchmarks.trap.unguarded"])
def played(request, tmp_path_factory):
    """The kinds, what was refused, bans, who was judged and outcomes, and whether the guards were on."""
    with running(tmp_path_factory.mktemp("people"), DJANGO_SETTINGS_MODULE=request.param) as site:
        outcome = people.play(site.address, people.visits(links_of(site), [], VISITS), connections=3)
        bans, judged, outcomes = json.loads(site.shell(COUNTED))
    return outcome, bans, judged, outcomes, request.param == "tests.settings"


def test_people_and_their_programs_are_never_banned_and_without_the_guards_they_are(played):
    outcome, bans, judged, outcomes, guarded = played
    assert len(outcome.visits) == 11
    if guarded:
        assert set(outcome.statuses) == {200}
        assert (bans, judged) == (0, 0)
        assert set(outcomes) == {"first", "ignored", "alone"}
    else:
        assert bans > 5
        assert judged > 15
        assert sum(outcome.refused.values()) > 5
