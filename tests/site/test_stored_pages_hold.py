"""What stored pages hold, and for how long they may: nothing of anybody, one figure each, nothing past its hour."""

import contextlib
import datetime as dt
import time
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.http import HttpResponse

from articles import cache_tags as articles_tags
from articles import publishing
from comments.models import CommentSettings
from donations import backing_cookie, cache_tags, periods, tally
from donations.models import Currency
from foundation import clock
from pagecache import asking, registry, stores
from tests import factories
from tests.donations.stripe_facts import gift
from tests.site.test_stored_pages import Stored, later, stored_bytes, world

__all__ = ["later", "world"]  # fixtures
pytestmark = pytest.mark.django_db

# Models that pages show and whose verbs say what is old, since they write past signals or far more often than readers
# see a difference.
BY_VERBS = {
    "comments.Comment": "moderation, persons, blackout",
    "comments.Commenter": "persons: a name stands in each comment",
    "comments.Discussion": "counting.note_change, the desk's form",
    "comments.Thread": "written with the comments it holds",
    "comments.Recommendation": "shown once a minute by moderation",
    "donations.Contribution": "contributions.rewrite, the one writer",
    "donations.LateEntry": "written with contributions",
    "donations.Adjustment": "contributions follow it",
    "donations.Payment": "contributions follow it",
    "donations.Pledge": "contributions follow it",
    "donations.Invoice": "contributions follow it",
    "donations.Backer": "forgetting takes its names",
    "donations.PublicName": "the proxy of Intent at the desk, which tells by itself",
    "articles.Takedown": "takes everything away",
}
# Those that no stored page shows.
NOT_SHOWN = {
    "articles.Autosave", "articles.EditingPresence", "articles.EmbedDecision", "articles.PreviewLink",
    "articles.SearchDocument",
    "bottrap.Ban", "bottrap.Hit", "bottrap.PublishedRange", "bottrap.TrapMail",
    "comments.Act", "comments.ModeratorMail", "comments.Mute", "comments.Report", "comments.Revision",
    "comments.ServiceQuestion", "comments.Suspicion", "comments.WordRule",
    "donations.Alarm", "donations.BackerKey", "donations.Customer", "donations.DeclinedAddress",
    "donations.LedgerGround", "donations.StripeEvent",
    "accounts.DeskSession", "accounts.RightsChange", "accounts.User",
    "foundation.Counter", "foundation.Forgotten", "foundation.Letter", "foundation.SpentLink", "foundation.TimerRun",
}  # fmt: skip
OURS = ("accounts", "articles", "bottrap", "comments", "donations", "foundation")


def test_of_every_model_it_is_said_what_makes_its_pages_old():
    """A new model fails here until somebody has thought about which pages show it."""
    found = {
        model._meta.label
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if not model._meta.auto_created
    }
    told = [registry.registered_rows(), set(BY_VERBS), NOT_SHOWN]
    assert sorted(found - set.union(*told)) == []
    assert sorted(set.union(*told) - found) == []
    assert sum(map(len, told)) == len(set.union(*told))


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """Around what is a transaction of its own."""

    @contextlib.contextmanager
    def commit():
        with django_capture_on_commit_callbacks(execute=True):
            yield
        connection.run_on_commit.clear()

    return commit


def entry(site: Stored, name: str):
    site.read(name)
    path, _, query = site.addresses[name].partition("?")
    environ = {"REQUEST_METHOD": "GET", "HTTP_HOST": "testserver", "PATH_INFO": path, "QUERY_STRING": query}
    return stores.current().pages.read(asking.Reader().asked(environ).key)


def test_nothing_of_anybody_is_in_the_store(world):
    site = Stored(world)
    canary = "tattletale"
    for address in site.addresses.values():
        joint = "&" if "?" in address else "?"
        site.reader.get(
            f"{address}{joint}utm_source={canary}&email={canary}@example.org",
            cookie=f"csrftoken={canary * 4}; messages={canary}; written={canary}; backs={canary}",
            user_agent=canary,
            referer=f"https://{canary}.example/",
            accept_language=canary,
            x_forwarded_for="198.51.100.77",
            if_none_match=f'"{canary}"',
        )
    held = stored_bytes()
    assert held.count(b'"status": 200') >= len(registry.registered_views()) - 1
    for words in (
        canary,
        "@example.org",
        "csrfmiddlewaretoken",
        "sessionid",
        "Set-Cookie",
        "198.51.100.77",
        "203.0.113.9",
    ):
        assert words.encode() not in held, words


def test_a_page_with_a_session_or_a_token_is_nobody_elses(world):
    """The same inspection finds what does get in, so it can."""
    site = Stored(world)
    site.reader.get("/support/"), site.reader.get(f"/comments/write/{world.story.uid}/")
    site.reader.get("/search/?q=tattletale")
    assert stored_bytes() == b""
    site.read("home")
    assert b"Kaleidoscope" in stored_bytes()
    session = f"{site_settings.SESSION_COOKIE_NAME}=abc"
    assert site.reader.get("/", cookie=session).headers.get("etag") is None
    assert site.reader.get("/").headers["etag"]


def test_backers_are_told_apart_by_one_word_alone(world):
    response = HttpResponse()
    backing_cookie.remember(response, clock.now() + dt.timedelta(days=30))
    cookie = f"backs={response.cookies['backs'].value}"
    forged = cookie[:-1] + ("a" if cookie[-1] != "a" else "b")
    site = Stored(world)
    asked, thanked = site.reader.get("/"), site.reader.get("/", cookie=cookie)
    again, other = site.reader.get("/", cookie=cookie), site.reader.get("/", cookie=forged)
    assert asked.text == other.text != thanked.text == again.text
    assert thanked.headers["cache-control"] == "private, no-cache"
    assert asked.headers["cache-control"].startswith("public")
    assert cookie.partition("=")[2].encode() not in stored_bytes()


def test_the_poll_depends_on_its_article_alone(world):
    assert entry(Stored(world), "updates_poll").tags == [f"article:{world.story.pk}", "everything"]


def seconds_left(site: Stored, name: str) -> float:
    return entry(site, name).fresh_until - time.time()


def test_a_page_is_true_until_the_next_article_or_update_falls_due(world, committing):
    publishing.publish(world.draft, by=None, at=clock.now() + dt.timedelta(seconds=200))
    site = Stored(world)
    for name in ("home", "article", "feed", "sitemap", "updates_poll", "withdrawn", "moved"):
        assert 100 < seconds_left(site, name) <= 200, name
    with committing():
        factories.addendum(world.story, at=clock.now() + dt.timedelta(seconds=90))
        world.neighbour.save()
    assert 0 < seconds_left(Stored(world), "numbered") <= 90


def test_without_anything_due_five_minutes_are_the_longest(world):
    assert 200 < seconds_left(Stored(world), "home") <= 300


def test_an_article_invites_to_write_no_longer_than_comments_are_taken(world):
    rules = CommentSettings.load()
    rules.closes_after_days = 1
    rules.save()
    world.story.published_at = world.story.first_published_at = (
        clock.now() - dt.timedelta(days=1) + dt.timedelta(seconds=150)
    )
    world.story.save()
    site = Stored(world)
    assert 50 < seconds_left(site, "article") <= 150
    assert seconds_left(site, "elsewhere") > 200


def test_the_sentence_is_true_until_the_quarter_ends(world, monkeypatch):
    for name in ("start_of", "end_of"):  # of the next one, and of the present
        monkeypatch.setattr(periods, name, lambda quarter: clock.now() + dt.timedelta(seconds=120))
    site = Stored(world)
    for name in ("home", "article", "figures", "how", "figures_json"):
        assert 20 < seconds_left(site, name) <= 120, name


def test_a_page_in_whose_making_an_article_falls_due_is_old_at_once(world, later, monkeypatch):
    due = clock.now() + dt.timedelta(seconds=5)
    factories.published(headline="Due in a moment", at=due)
    at = SimpleNamespace(now=due - dt.timedelta(milliseconds=5))
    said = articles_tags.shows

    def shows(request, *tags):
        at.now = due + dt.timedelta(milliseconds=5)  # the list was read before
        said(request, *tags)

    monkeypatch.setattr(clock, "now", lambda: at.now)
    monkeypatch.setattr(articles_tags, "shows", shows)
    assert "Due in a moment" not in Stored(world).read("home")
    at.now = due + dt.timedelta(seconds=30)
    later(35)
    assert "Due in a moment" in Stored(world).read("home")


def test_the_link_for_robots_is_that_of_the_day(world, monkeypatch):
    """Late in the evening a page is stored until midnight, by the machine's own time."""
    nearly = clock.real_now().replace(hour=23, minute=57, second=30, microsecond=0)
    monkeypatch.setattr("bottrap.cache_tags.clock.real_now", lambda: nearly)
    held = entry(Stored(world), "home")
    assert held.fresh_until <= (nearly + dt.timedelta(seconds=150)).timestamp()


def test_the_sentence_moves_its_stamp_only_when_its_words_change(world, later, committing):
    with committing():
        cache_tags.tell_if_changed()
    later()
    site = Stored(world)
    site.read("home"), site.read("feed")
    with committing():
        gift(clock.now(), minor=10, name="small")
    later()
    assert not Stored(world).made_for("home")  # ten cents more change no word of it
    with committing():
        gift(clock.now(), minor=500, name="big")
    later()
    assert Stored(world).made_for("home")
    assert not Stored(world).made_for("feed")


def test_within_five_seconds_any_number_of_payments_make_a_page_anew_once(world, later, committing):
    site = Stored(world)
    site.read("home")
    for number in range(5):
        with committing():
            gift(clock.now(), minor=500, name=f"n{number}", email=f"n{number}@example.org")
    later()
    assert [site.made_for("home"), site.made_for("home")] == [True, False]
    assert "7 of you" in site.read("home")


def test_what_lapses_by_itself_is_told_within_a_minute(world, later, capsys, committing):
    with committing():
        cache_tags.tell_if_changed()
    later()
    site = Stored(world)
    site.read("home")
    call_command("tell_the_figure")
    assert capsys.readouterr().out == "unchanged\n"
    Currency.objects.filter(pk="EUR").update(is_offered=False)  # past every verb, as time goes past them
    with committing():
        call_command("tell_the_figure")
    assert capsys.readouterr().out == "told anew\n"
    later()
    assert Stored(world).made_for("home")


def test_two_who_compare_at_once_leave_the_newest_words_as_those_told(world, monkeypatch):
    """Another process commits and compares between the reading and the writing of this one."""
    spoken = iter(["two of you", "three of you", "three of you", "three of you"])
    monkeypatch.setattr(cache_tags, "sentence_told", lambda: next(spoken))
    assert cache_tags.tell_if_changed()
    assert cache_tags.cache.get(cache_tags._TOLD) == "three of you"


def test_a_sentence_whose_teller_died_is_told_by_the_next(world, monkeypatch):
    def die(*tags, **how):
        raise KeyboardInterrupt

    cache_tags.cache.set(cache_tags._TOLD, "two of you")
    monkeypatch.setattr(cache_tags, "sentence_told", lambda: "three of you")
    with monkeypatch.context() as dying:
        dying.setattr(cache_tags, "purge_stale", die)
        with pytest.raises(KeyboardInterrupt):
            cache_tags.tell_if_changed()
    assert cache_tags.tell_if_changed()
    assert not cache_tags.tell_if_changed()


def test_the_figures_page_and_its_ask_are_one_reading(world, monkeypatch):
    def another():
        raise AssertionError("the ledger was read a second time")

    monkeypatch.setattr(tally, "for_ask", another)
    page = Stored(world).read("figures")
    assert page.count("So far 2 of you are backing the next quarter with $120.") == 1


def test_a_page_without_the_figure_is_kept_by_nobody(world, monkeypatch):
    def broken():
        raise DatabaseError

    monkeypatch.setattr(tally, "for_ask", broken)
    site = Stored(world)
    site.read("home")
    assert site.made_for("home")
