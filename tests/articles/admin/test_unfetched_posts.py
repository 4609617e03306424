"""A post whose platform did not answer: the desk says so, asks again at a press, or lets an editor write it."""

import pytest
from django_tasks_db.models import DBTaskResult

from articles.embeds import snapshot
from articles.embeds.providers import recognise
from articles.models import Embed
from tests.articles.admin import forms

TWEET = "https://x.com/harbour_desk/status/1232942413187452929"
SILENT = "The platform did not answer."

pytestmark = pytest.mark.django_db


@pytest.fixture
def unfetched():
    embed = snapshot.remember(recognise(TWEET))
    embed.state, embed.failure = Embed.State.FAILED, SILENT
    embed.save()
    DBTaskResult.objects.all().delete()
    return embed


def page(embed) -> str:
    return f"/admin/articles/embed/{embed.pk}/change/"


def test_its_page_says_so_and_fetches_it_again_at_the_press_of_a_button(at_desk, ann, unfetched):
    client = at_desk(ann)
    opened = client.get(page(unfetched))
    assert "Its words could not be fetched" in forms.text_of(opened)

    client.post(page(unfetched), forms.fields_of(opened, "fetch-again"))

    unfetched.refresh_from_db()
    assert (unfetched.state, unfetched.failure) == (Embed.State.PENDING, "")
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize("state", [Embed.State.CAPTURED, Embed.State.BY_HAND, Embed.State.PENDING])
def test_the_page_of_any_other_post_says_nothing_of_it(at_desk, ann, unfetched, state):
    Embed.objects.update(state=state, failure="")
    assert "Its words could not be fetched" not in forms.text_of(at_desk(ann).get(page(unfetched)))


def test_its_card_in_the_editor_leads_to_where_it_is_written_by_hand(at_desk, ann, unfetched):
    client = at_desk(ann)
    card = client.get("/admin/editor/embed/", {"address": TWEET}).json()
    assert card["note"].startswith(SILENT)
    assert (card["edit_words"], card["edit_url"]) == ("Write it by hand", page(unfetched))

    Embed.objects.update(state=Embed.State.BY_HAND, failure="")
    assert client.get("/admin/editor/embed/", {"address": TWEET}).json()["edit_words"] == "Open snapshot"
