"""The letter about what waits, and where its links lead."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from comments import digests, mail_links, moderation
from comments.findings import Finding
from comments.models import Act, Comment, CommentSettings, ModeratorMail
from foundation import clock, links
from foundation.models import Letter
from tests import factories
from tests.comments import making
from tests.comments.at_desk import Moderator

Status = Comment.Status
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def article(db):
    return factories.published(headline="A bridge nobody ordered")


@pytest.fixture
def ann(db):
    return factories.member_of("Moderator", name="Ann", email="ann@example.org")


@pytest.fixture
def at(monkeypatch):
    """Moves the site's clock on."""
    ahead = {"by": dt.timedelta()}
    monkeypatch.setattr(clock, "offset", lambda: ahead["by"])

    def move(by: dt.timedelta) -> None:
        ahead["by"] += by

    return move


def written() -> list[Letter]:
    return list(Letter.objects.filter(kind="moderation").order_by("pk"))


def state(comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


class TestWhenItIsWritten:
    def test_nothing_waits_and_nothing_is_written(self, ann, article):
        making.public(article)
        making.waiting(article, suspicions=[Finding("words", "casino", is_spam=True)])
        assert digests.write_due() == 0
        assert written() == []

    def test_many_comments_are_one_letter_to_each_moderator(self, ann, article):
        factories.member_of("Moderator", email="bert@example.org")
        factories.member_of("Author", email="carl@example.org")
        for _ in range(5):
            making.waiting(article)
        assert digests.write_due() == 2
        assert {letter.to for letter in written()} == {"ann@example.org", "bert@example.org"}

    def test_the_command_run_again_and_again_writes_no_second(self, ann, article, at):
        making.waiting(article)
        for _ in range(4):
            call_command("send_moderation_digests", verbosity=0)
            at(5 * MINUTE)
        assert len(written()) == 1

    def test_what_comes_later_waits_for_the_pause(self, ann, article, at):
        making.waiting(article)
        digests.write_due()
        at(59 * MINUTE)
        making.waiting(article)
        assert digests.write_due() == 0
        at(MINUTE)
        assert digests.write_due() == 1

    def test_the_same_things_are_told_again_only_after_a_day(self, ann, article, at):
        making.waiting(article)
        digests.write_due()
        at(23 * 60 * MINUTE)
        assert digests.write_due() == 0
        at(60 * MINUTE)
        assert digests.write_due() == 1

    def test_a_report_is_news_too(self, ann, article, at):
        comment = making.public(article)
        assert digests.write_due() == 0
        moderation.report(comment, "reader", "abuse")
        assert digests.write_due() == 1
        at(61 * MINUTE)
        moderation.report(comment, "another", "abuse")
        assert digests.write_due() == 1

    def test_none_are_written_where_the_rules_say_so(self, ann, article):
        CommentSettings.objects.create(pk=1, digest_minutes=0)
        making.waiting(article)
        assert digests.write_due() == 0

    def test_who_was_thrown_out_gets_none(self, ann, article):
        making.waiting(article)
        ann.is_active = False
        ann.save()
        assert digests.write_due() == 0

    def test_it_is_mailed_in_text_and_html_with_a_way_out(self, ann, article, run_tasks):
        making.waiting(article, source="The first survey was in 1974.")
        digests.write_due()
        run_tasks()
        (message,) = [message for message in mail.outbox if message.to == [ann.email]]
        assert message.subject == "1 comment waits for you at " + message.subject.rpartition(" at ")[2]
        assert "The first survey was in 1974." in message.body
        assert "List-Unsubscribe" in message.extra_headers
        assert "@example.org" not in message.body  # a commenter's address stays at the desk

    def test_is_forgotten_with_its_links(self, ann, article, at):
        making.waiting(article)
        call_command("send_moderation_digests", verbosity=0)
        (letter,) = written()
        ModeratorMail.objects.update(is_wanted=False)
        for wait, is_kept in ((mail_links.LASTS - MINUTE, True), (2 * MINUTE, False)):
            at(wait)
            call_command("send_moderation_digests", verbosity=0)
            assert Letter.objects.filter(pk=letter.pk).exists() == is_kept

    def test_ten_are_shown_and_the_rest_counted(self, ann, article):
        for _ in range(12):
            making.waiting(article)
        digests.write_due()
        (letter,) = written()
        assert letter.subject.startswith("12 comments wait")
        assert letter.text.count("Approve: ") == 10
        assert "2 more wait" in letter.text

    def test_markup_stays_text(self, ann, article):
        person = making.commenter()
        making.waiting(article, commenter=person, name="Bo", source="<img src=x onerror=alert(1)>")
        digests.write_due()
        assert "<img" not in written()[0].html


class TestDeclining:
    def test_by_the_link_in_the_letter(self, ann, article, at):
        making.waiting(article)
        digests.write_due()
        stop = written()[0].stop_url.partition("http://testserver")[2]
        client = Client(enforce_csrf_checks=True)
        assert client.get(stop).status_code == 200
        assert digests.wants(ann)  # looking changes nothing
        assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not digests.wants(ann)
        at(61 * MINUTE)
        making.waiting(article)
        assert digests.write_due() == 0

    def test_on_ones_own_page_and_back_again(self, article):
        ann = Moderator(name="Ann")
        ann.open(reverse("admin:comments_comment_my_letters"))
        ann.press("Send me none")
        assert not digests.wants(ann.user)
        ann.press("Send me these letters")
        assert digests.wants(ann.user)

    def test_a_forged_link_stops_nobodys(self, ann):
        token = digests.stop_address(ann).rstrip("/").rpartition("/")[2]
        client = Client()
        for forged in (token[:-2] + "xx", "1", f"{ann.pk}"):
            assert client.post(reverse("stop_moderators_letters", args=[forged])).status_code == 404
        assert not ModeratorMail.objects.filter(is_wanted=False).exists()


class TestLinks:
    @pytest.fixture
    def comment(self, article):
        return making.waiting(article, source="The first survey was in 1974.")

    @pytest.fixture
    def reader(self):
        return Client(enforce_csrf_checks=True)

    def follow(self, client, address):
        """Opens the page and presses its button."""
        page = client.get(address)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
        return client.post(address, {"csrfmiddlewaretoken": token[1] if token else ""})

    @pytest.mark.parametrize(
        ("verb", "becomes"), [("approve", Status.PUBLIC), ("reject", Status.REJECTED), ("spam", Status.SPAM)]
    )
    def test_shows_the_comment_and_acts_by_its_button(self, reader, ann, comment, verb, becomes):
        address = mail_links.address(comment, verb, ann)
        page = reader.get(address)
        assert page.status_code == 200
        assert "The first survey was in 1974." in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert self.follow(reader, address).status_code == 302
        assert state(comment) == becomes
        assert Act.objects.get(comment=comment).by == ann
        after = reader.get(address)
        assert after.status_code == 410
        assert "Ann" in after.content.decode()

    def test_scanners_that_open_every_link_decide_nothing(self, reader, ann, comment):
        digests.write_due()
        for address in re.findall(r"http://testserver\S+", written()[0].text):
            for method in (reader.get, reader.head):
                assert method(address.partition("http://testserver")[2]).status_code in (200, 302)
        assert state(comment) == Status.PENDING

    def test_a_post_from_another_site_decides_nothing(self, reader, ann, comment):
        assert reader.post(mail_links.address(comment, "approve", ann)).status_code == 403
        assert state(comment) == Status.PENDING

    def test_the_second_of_two_links_is_told_what_was_decided(self, reader, ann, comment):
        spam, approve = (mail_links.address(comment, verb, ann) for verb in ("spam", "approve"))
        self.follow(reader, approve)
        late = reader.get(spam)
        assert late.status_code == 410
        assert "Ann approved it at" in late.content.decode()
        assert self.post(reader, spam, comment).status_code == 410
        assert state(comment) == Status.PUBLIC

    def post(self, reader, address, comment):
        """With a good token of the site's, as a page that was open all the time would send it."""
        reader.get("/admin/login/")
        return reader.post(address, {"csrfmiddlewaretoken": reader.cookies["csrftoken"].value})

    def test_works_once_even_when_the_decision_was_taken_back(self, reader, ann, comment):
        address = mail_links.address(comment, "approve", ann)
        self.follow(reader, address)
        moderation.undo(Act.objects.get(verb="approve"), ann)
        assert state(comment) == Status.PENDING
        assert reader.get(address).status_code == 410
        assert self.post(reader, address, comment).status_code == 410
        assert state(comment) == Status.PENDING

    def test_words_edited_since_the_letter_are_not_approved(self, reader, ann, comment):
        address = mail_links.address(comment, "approve", ann)
        moderation.edit(comment, "Buy watches", by_commenter=comment.commenter, suspicions=[])
        assert reader.get(address).status_code == 410
        assert self.post(reader, address, comment).status_code == 410
        assert state(comment) == Status.PENDING

    def test_ends_after_a_week(self, reader, ann, comment, at):
        address = mail_links.address(comment, "approve", ann)
        at(mail_links.LASTS - MINUTE)
        assert reader.get(address).status_code == 200
        at(2 * MINUTE)
        assert reader.get(address).status_code == 410
        assert self.post(reader, address, comment).status_code == 410
        assert state(comment) == Status.PENDING

    @pytest.mark.parametrize("loss", ["group", "staff", "active"])
    def test_is_dead_once_its_moderator_may_no_longer(self, reader, ann, comment, loss):
        address = mail_links.address(comment, "approve", ann)
        assert reader.get(address).status_code == 200
        if loss == "group":
            ann.groups.remove(Group.objects.get(name="Moderator"))
        else:
            setattr(ann, f"is_{loss}", False)
            ann.save()
        assert reader.get(address).status_code == 404
        assert self.post(reader, address, comment).status_code == 404
        assert state(comment) == Status.PENDING

    def test_what_is_signed_for_something_else_opens_nothing(self, reader, ann, comment):
        good = mail_links.address(comment, "approve", ann).rstrip("/").rpartition("/")[2]
        value = f'[{ann.pk},"approve",{comment.pk},"pending.0.0.0"]'
        other = links.sign("comments: confirm", value, expires_at=clock.now() + MINUTE)
        for forged in (other, good[:-1], good + "x", good.replace(good[5], "z", 1) + "-", "x", "a" * 3000):
            address = reverse("moderate_by_letter", args=[forged])
            assert reader.get(address).status_code == 404
            assert self.post(reader, address, comment).status_code == 404
        assert state(comment) == Status.PENDING

    def test_a_comment_that_is_gone_is_told(self, reader, ann, comment):
        address = mail_links.address(comment, "approve", ann)
        Comment.objects.filter(pk=comment.pk).update(root=None)
        Comment.objects.filter(pk=comment.pk).delete()
        assert reader.get(address).status_code == 410

    def test_needs_no_login_and_gives_none(self, reader, ann, comment):
        self.follow(reader, mail_links.address(comment, "approve", ann))
        assert reader.get("/admin/").status_code == 302
