"""robots.txt as data, read as a crawler reads it."""

import datetime as dt
from urllib.robotparser import RobotFileParser

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import Error

from bottrap import trap_links
from bottrap.models import CrawlRule, TrapSettings
from foundation import clock

pytestmark = pytest.mark.django_db


def read(client) -> RobotFileParser:
    response = client.get("/robots.txt")
    assert response.status_code == 200
    parser = RobotFileParser()
    parser.parse(response.text.splitlines())
    return parser


@pytest.mark.parametrize("agent", ["anything", "Googlebot", "GPTBot", "Special"])
def test_every_crawler_is_told_to_keep_out_of_the_trap(client, agent):
    CrawlRule.objects.create(agent="Special", path="/special/")
    CrawlRule.objects.create(agent="Special", verdict=CrawlRule.Verdict.ALLOW, path="/")
    TrapSettings.objects.create(pk=1, refuse_ai_crawlers=True)
    for link in (trap_links.first(), trap_links.second()):
        assert not read(client).can_fetch(agent, link)


def test_everything_else_is_allowed_but_for_the_apps_own_paths(client):
    robots = read(client)
    assert robots.can_fetch("anything", "/2026/03/a-story/")
    assert not robots.can_fetch("anything", "/search/?q=x")


def test_the_rules_of_the_desk_are_told(client):
    CrawlRule.objects.create(path="/tag/")
    CrawlRule.objects.create(agent="Special", path="/author/")
    robots = read(client)
    assert not robots.can_fetch("anything", "/tag/x/")
    assert not robots.can_fetch("Special", "/tag/x/")
    assert not robots.can_fetch("Special", "/author/x/")
    assert robots.can_fetch("anything", "/author/x/")


@pytest.mark.parametrize("is_on", [True, False])
def test_ai_crawlers_are_refused_by_a_switch(client, is_on):
    TrapSettings.objects.create(pk=1, refuse_ai_crawlers=is_on, ai_crawlers="GPTBot\n\n*\n CCBot \n")
    robots = read(client)
    assert robots.can_fetch("GPTBot", "/") is not is_on
    assert robots.can_fetch("CCBot", "/archive/") is not is_on
    assert robots.can_fetch("Googlebot", "/")


def test_no_rule_may_invite_crawlers_into_the_trap():
    for path in ("/do-not-follow/", "/do-not-follow/x", "/*", "/do-*", "/a$"):
        with pytest.raises(ValidationError):
            CrawlRule(verdict=CrawlRule.Verdict.ALLOW, path=path).full_clean()
    CrawlRule(verdict=CrawlRule.Verdict.ALLOW, path="/").full_clean()


@pytest.mark.parametrize(
    ("agent", "path"), [("a b", "/"), ("*\nDisallow: /", "/"), ("*", "x"), ("*", "/a b"), ("*", "/\nx")]
)
def test_no_rule_breaks_out_of_its_line(agent, path):
    with pytest.raises(ValidationError):
        CrawlRule(agent=agent, path=path).full_clean()


def test_the_first_time_the_trap_was_forbidden_is_kept(client):
    client.get("/robots.txt")
    first = TrapSettings.load().forbidden_since
    with time_machine.travel(clock.real_now() + dt.timedelta(days=1), tick=False):
        client.get("/robots.txt")
        call_command("arm_trap")
    assert TrapSettings.load().forbidden_since == first


def test_the_timer_notes_it_where_no_crawler_asks():
    call_command("arm_trap")
    assert TrapSettings.load().forbidden_since is not None


def test_without_a_database_it_is_told_without_the_rules_of_the_desk(client, monkeypatch, caplog):
    def fail():
        raise Error("for the test")

    monkeypatch.setattr("bottrap.arming.note_forbidden", fail)
    assert not read(client).can_fetch("anything", trap_links.first())
    assert "without the rules of the desk" in caplog.text


def test_it_costs_two_queries_once_it_is_known(client, django_assert_num_queries):
    client.get("/robots.txt")
    with django_assert_num_queries(2):
        client.get("/robots.txt")
