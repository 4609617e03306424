"""The pages of one comment, of one person and of the rules, and what the desk's first page says."""

import datetime as dt
import json
import re
import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from comments import moderation
from comments.admin import acting
from comments.models import Act, Comment, Commenter, CommentSettings, Discussion, WordRule
from foundation import clock
from tests import factories
from tests.comments import making
from tests.comments.at_desk import QUEUE, Moderator
from tests.comments.test_queue import give, state

Status = Comment.Status


@pytest.fixture
def article(db):
    return factories.published(headline="A bridge nobody ordered")


@pytest.fixture
def ann(db):
    return Moderator(name="Ann")


@pytest.fixture
def ines(db):
    return Moderator("Editor", name="Ines")


def page_of(comment) -> str:
    return reverse("admin:comments_comment_change", args=[comment.pk])


def page_of_person(person) -> str:
    return reverse("admin:comments_commenter_change", args=[person.pk])


class TestOneComment:
    def test_tells_edits_reports_and_who_did_what(self, ann, article):
        person = making.commenter()
        comment = making.public(article, commenter=person, source="The first survey was in 1974.")
        moderation.edit(comment, "The first survey was in 1975.", by_commenter=person, suspicions=[])
        moderation.approve(comment, ann.user)
        moderation.report(comment, "reader", "other", "It was 1974")
        moderation.keep(comment, ann.user, said="It was")
        ann.open(page_of(comment))
        assert [part.text for part in ann.page.cssselect(".difference del")] == ["1974"]
        assert [part.text for part in ann.page.cssselect(".difference ins")] == ["1975"]
        assert "“It was 1974”" in ann.text
        assert "Ann: reports settled, comment kept “It was”" in ann.text

    def test_is_decided_where_it_is_read(self, ann, article):
        comment = making.waiting(article)
        ann.open(page_of(comment))
        ann.press("Approve", on=comment)
        assert state(comment) == Status.PUBLIC
        assert ann.address == page_of(comment) or ann.landed.startswith(page_of(comment))
        ann.press("Undo")
        assert state(comment) == Status.PENDING

    @pytest.mark.parametrize("pk", ["999999", "x", "9" * 30, "1.0"])
    def test_what_is_none_is_not_found(self, ann, pk):
        assert ann.client.get(f"{QUEUE}{pk}/change/").status_code == 404

    def test_is_found_by_words_name_and_address(self, ann, article):
        person = making.commenter(name="Ada Abbot", email="ada@example.org")
        sought = making.waiting(article, commenter=person, source="Wagons and barges")
        making.waiting(article, source="Something else")
        everything = reverse("admin:comments_comment_all")
        for words in ("barges", "Abbot", "ada@example", str(sought.uid)):
            ann.open(f"{everything}?q={words}")
            assert "Wagons and barges" in ann.text
            assert "Something else" not in ann.text
        ann.open(f"{everything}?commenter={person.pk}")
        assert "Something else" not in ann.text
        ann.open(everything)
        assert "Something else" in ann.text


class TestRemoval:
    def remove(self, comment) -> str:
        return reverse("admin:comments_comment_remove", args=[comment.pk])

    def test_asks_for_a_reason_and_keeps_it(self, ines, article):
        comment = making.public(article)
        ines.open(self.remove(comment))
        ines.press("Remove this comment")
        assert state(comment) == Status.PUBLIC
        assert ines.page.cssselect(".errorlist")
        ines.press("Remove this comment", reason="Court of Graz, 12 U 34/26")
        assert state(comment) == Status.REMOVED
        assert Act.objects.get(verb=Act.Verb.REMOVE).said == "Court of Graz, 12 U 34/26"
        assert LogEntry.objects.filter(change_message__contains="Removed").exists()

    def test_needs_its_own_permission(self, ann, article):
        comment = making.public(article)
        client = Client()
        client.force_login(ann.user)
        assert client.get(self.remove(comment)).status_code == 403
        assert client.post(self.remove(comment), {"reason": "x"}).status_code == 403
        assert state(comment) == Status.PUBLIC
        give(ann.user, "remove_comment")
        assert client.post(self.remove(comment), {"reason": "x"}).status_code == 302
        assert state(comment) == Status.REMOVED

    def test_is_taken_back_on_the_comments_page(self, ines, article):
        comment = making.public(article)
        moderation.remove(comment, ines.user, said="By mistake")
        ines.open(page_of(comment))
        ines.press("Take back")
        assert state(comment) == Status.PUBLIC
        assert "taken back" in ines.text

    def test_without_the_forms_token_nothing_goes(self, ines, article):
        comment = making.public(article)
        assert ines.client.post(self.remove(comment), {"reason": "x"}).status_code == 403
        assert state(comment) == Status.PUBLIC

    def test_only_who_may_remove_takes_a_removal_back(self, ann, ines, article):
        comment = making.public(article)
        moderation.remove(comment, ines.user, said="By mistake")
        act = Act.objects.get(verb=Act.Verb.REMOVE)
        address = reverse("admin:comments_comment_undo_act", args=[comment.pk, act.pk])
        client = Client()
        client.force_login(ann.user)
        assert client.post(address).status_code == 403
        client.force_login(ines.user)
        assert client.post(address).status_code == 302
        assert state(comment) == Status.PUBLIC


class TestOnePerson:
    @pytest.fixture
    def person(self, article):
        person = making.commenter(name="Ada Abbot", email="ada@example.org")
        for _ in range(2):
            making.waiting(article, commenter=person)
        making.public(article, commenter=person)
        return person

    def test_all_of_theirs_is_called_spam_and_undone_in_one_press(self, ann, person):
        before = sorted(person.comments.values_list("pk", "status"))
        ann.open(page_of_person(person))
        ann.press("Call all 3 spam")
        assert set(person.comments.values_list("status", flat=True)) == {Status.SPAM}
        assert ann.told == "Called spam 3."
        ann.press("Undo")
        assert sorted(person.comments.values_list("pk", "status")) == before

    def test_more_than_one_press_can_do_says_what_is_left(self, ann, person, monkeypatch):
        monkeypatch.setattr(acting, "MOST_AT_ONCE", 2)
        ann.open(page_of_person(person))
        ann.press("Call all 3 spam")
        assert "1 comment left" in ann.messages

    def test_a_ban_ends_by_the_clock_and_its_history_stays(self, ann, person, monkeypatch):
        ann.open(page_of_person(person))
        ann.press("Ban this person", **{"ban-for": "7", "ban-reason": "Insults"})
        ann.open(page_of_person(person))
        assert "Banned until" in ann.text
        later = dt.timedelta(days=8)
        monkeypatch.setattr(clock, "offset", lambda: later)
        ann.open(page_of_person(person))
        assert "Banned until" not in ann.text
        assert re.search(r"Ann: banned until \d+ \w+ \d{4} “Insults”", ann.text)

    def test_every_ban_is_told_with_its_length(self, ann, person):
        moderation.ban_person(person, ann.user, until=clock.now() + dt.timedelta(days=400), reason="First")
        moderation.unban(person, ann.user)
        moderation.ban_person(person, ann.user, reason="Second")
        ann.open(page_of_person(person))
        assert "banned for good “Second”" in ann.text
        assert re.search(r"banned until \d+ \w+ \d{4} “First”", ann.text)

    def test_is_lifted_made_to_wait_and_trusted_again(self, ann, person):
        ann.open(page_of_person(person))
        ann.press("Ban this person", **{"ban-for": "ever"})
        ann.press("Lift the ban")
        assert not Commenter.objects.get(pk=person.pk).is_banned
        ann.press("Always waits")
        assert Commenter.objects.get(pk=person.pk).always_waits
        ann.press("Waits no more")
        assert not Commenter.objects.get(pk=person.pk).always_waits
        assert [act.verb for act in person.acts.filter(comment=None).order_by("pk")] == [
            "ban",
            "unban",
            "wait_always",
            "wait_no_more",
        ]

    def test_data_is_handed_out_and_that_is_logged(self, ines, person):
        response = ines.client.get(reverse("admin:comments_commenter_data", args=[person.pk]))
        assert json.loads(response.content)["e-mail"] == "ada@example.org"
        assert "no-store" in response["Cache-Control"]
        assert LogEntry.objects.filter(change_message__contains="Handed out").exists()

    def test_is_erased_only_by_who_is_sure(self, ines, person):
        ines.open(reverse("admin:comments_commenter_erase", args=[person.pk]))
        ines.press("Erase Ada Abbot")
        assert Commenter.objects.get(pk=person.pk).email == "ada@example.org"
        ines.press("Erase Ada Abbot", is_sure="on")
        assert Commenter.objects.get(pk=person.pk).email == ""

    @pytest.mark.parametrize("name", ["data", "erase"])
    def test_moderators_neither_export_nor_erase(self, ann, ines, person, name):
        address = reverse(f"admin:comments_commenter_{name}", args=[person.pk])
        assert ann.client.get(address).status_code == 403
        assert ines.client.get(address).status_code == 200

    @pytest.mark.parametrize("act", ["ban", "unban", "wait_always", "wait_no_more", "spam_all"])
    def test_every_act_needs_its_permission(self, person, act):
        client, reader = Client(), factories.member_of("Author")
        give(reader, "view_commenter")
        client.force_login(reader)
        address = reverse("admin:comments_commenter_act", args=[person.pk])
        assert client.post(address, {"act": act, "batch": uuid.uuid4()}).status_code == 403
        give(reader, "moderate_comment", "ban_commenter")
        assert client.post(address, {"act": act, "batch": uuid.uuid4()}).status_code == 302

    def test_nothing_happens_by_a_link_or_without_the_token(self, ann, person):
        address = reverse("admin:comments_commenter_act", args=[person.pk])
        assert ann.client.get(address).status_code == 405
        assert ann.client.post(address, {"act": "ban"}).status_code == 403
        assert not Commenter.objects.get(pk=person.pk).is_banned


class TestWords:
    ADD = reverse("admin:comments_wordrule_add")

    @pytest.mark.parametrize("pattern", ["*", "**", "a*", "?!", " ", "…"])
    def test_a_rule_that_meets_nothing_or_everything_is_refused(self, ann, pattern):
        ann.open(self.ADD)
        ann.press_save(pattern=pattern)
        assert not WordRule.objects.exists()
        assert ann.page.cssselect(".errorlist")

    def test_a_rule_that_meets_most_of_what_was_approved_is_refused(self, ann, article):
        for number in range(10):
            making.public(article, source=f"I think the bridge is number {number}")
        ann.open(self.ADD)
        ann.press_save(pattern="the bridge")
        assert not WordRule.objects.exists()
        assert "10 of the last 10" in ann.text
        ann.press_save(pattern="casino*")
        assert WordRule.objects.get().pattern == "casino*"

    def test_says_what_it_would_have_met(self, ann, article):
        making.public(article, source="Casinos on the canal")
        ann.open(self.ADD)
        ann.press_save(pattern="casino*")
        assert "1 of the last 1" in ann.messages


class TestRules:
    def test_the_sites_rules_are_an_editors(self, ann, ines):
        address = reverse("admin:comments_commentsettings_change", args=[1])
        assert ann.client.get(address).status_code == 403
        ines.open(reverse("admin:comments_commentsettings_changelist"))
        assert ines.status == 200
        ines.press_save(mode="all_wait", digest_minutes="15")
        assert CommentSettings.load().mode == "all_wait"
        assert CommentSettings.load().digest_minutes == 15

    def test_one_discussions_rules_are_reached_from_the_article(self, ines, article):
        ines.open(reverse("admin:articles_article_change", args=[article.pk]))
        address = reverse("admin:comments_discussion_change", args=[article.pk])
        assert ines.page.cssselect(f'a[href="{address}"]')
        ines.open(address)
        ines.press_save(mode="closed", closed_words="Enough was said.")
        assert Discussion.objects.get(pk=article.pk).mode == "closed"
        ines.open(address)
        assert "Enough was said." in ines.text

    def test_saving_rules_leaves_the_count_alone(self, ines, article):
        address = reverse("admin:comments_discussion_change", args=[article.pk])
        ines.open(address)
        making.public(article)
        ines.press_save(mode="all_wait")
        assert Discussion.objects.get(pk=article.pk).public_count == 1

    def test_no_discussion_of_no_article(self, ines):
        ines.open(reverse("admin:comments_discussion_change", args=[999999]))
        assert not Discussion.objects.exists()


class TestTheDesk:
    def test_says_how_many_wait_and_since_when(self, ann, article):
        first, _ = making.waiting(article), making.waiting(article)
        Comment.objects.filter(pk=first.pk).update(posted_at=clock.now() - dt.timedelta(hours=5))
        ann.open("/admin/")
        assert "2 wait for a moderator" in ann.text
        assert "The oldest came 5 hours ago." in ann.text

    def test_says_nothing_while_nothing_waits_and_to_who_may_not(self, ann, article):
        ann.open("/admin/")
        assert "for a moderator" not in ann.text
        making.waiting(article)
        author = Moderator("Author")
        author.open("/admin/")
        assert "for a moderator" not in author.text

    def test_moderators_see_no_money_and_edit_no_article(self, ann, article):
        assert ann.client.get(reverse("admin:donations_payment_changelist")).status_code == 403
        assert ann.client.get(reverse("admin:donations_backer_changelist")).status_code == 403
        assert ann.client.get(reverse("admin:articles_article_add")).status_code == 403
        codenames = set(Group.objects.get(name="Moderator").permissions.values_list("codename", flat=True))
        assert not {name for name in codenames if name.endswith("_article")} - {"view_article"}
        assert "moderate_comment" in codenames
