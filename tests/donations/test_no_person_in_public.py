"""Addresses and names of backers are in no public page, feed, file or header; names only of those who wished it."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from donations.models import Backer, Intent, Pledge
from tests import factories
from tests.donations.stripe_facts import PledgeStory, gift, utc

pytestmark = pytest.mark.django_db

PEOPLE = 30
SHOWN = "Shown Publicly"
PUBLIC = [
    "/", "/support/", "/support/eur/", "/support/figures/", "/support/figures.csv", "/support/figures.json",
    "/support/how/", "/support/backers/", "/support/manage/",
    "/search/?q=canary", "/sitemap.xml", "/robots.txt", "/feed/", "/corrections/",
]  # fmt: skip


@pytest.fixture
def canaries():
    """Gifts and pledges of many people, each with an address and a name that nobody else has."""
    for number in range(PEOPLE):
        address = f"canary{number}@donors.example"
        if number % 2:
            gift(utc(2026, 11, 1), email=address, name=f"g{number}", minor=500 + number)
        else:
            story = PledgeStory(utc(2026, 11, 2), email=address, name=f"p{number}")
            story.tell()
            story.paid(0)
    for backer in Backer.objects.all():
        Backer.objects.filter(pk=backer.pk).update(name=f"Canary Person{backer.pk}", note=f"Canary note{backer.pk}")
    statuses = [status for status in Intent.NameStatus.values if status != "approved"]
    for number, intent in enumerate(Intent.objects.order_by("pk")):
        status = statuses[number % len(statuses)]
        Intent.objects.filter(pk=intent.pk).update(
            public_name=f"Canary Wish{number}", message=f"Canary message{number}", name_status=status
        )
    first = Pledge.objects.first().intent_id
    Intent.objects.filter(pk=first).update(public_name=SHOWN, name_status="approved")


def public_addresses() -> list[str]:
    """The list above, and every address of the site that needs no argument, so that a new page is not forgotten."""
    found = set(PUBLIC)
    for name in {name for name in get_resolver().reverse_dict if isinstance(name, str)}:
        try:
            found.add(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(found)


def test_no_public_page_tells_who_gives(canaries, client):
    factories.published(headline="A story")
    wrong, closed = {}, []
    for address in public_addresses():
        response = client.get(address)
        if address in PUBLIC and response.status_code != 200:
            closed.append((address, response.status_code))
        told = response.content.decode(errors="replace") + str(response.headers) + str(response.cookies)
        leaked = [word for word in ("canary", "donors.example", "cus_", "sub_p", "ch_g") if word in told.casefold()]
        if "q=canary" in address:
            leaked = [word for word in leaked if word != "canary"]
        if leaked:
            wrong[address] = leaked
    assert (wrong, closed) == ({}, [])


def test_the_check_would_find_a_name(canaries, client):
    assert SHOWN in client.get("/support/backers/").content.decode()
    Intent.objects.update(name_status="approved")
    assert "canary wish" in client.get("/support/backers/").content.decode().casefold()
