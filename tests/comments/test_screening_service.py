"""The optional spam service: asked over real HTTP, in the background, by the real worker."""

import datetime as dt
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from comments import moderation, persons, retention, screening
from comments.checks import service_can_be_asked
from comments.models import Comment, CommentSettings, Mode, ServiceQuestion, Suspicion
from comments.screening import akismet, service, stamp
from foundation import clock, tasks
from tests import factories
from tests.comments import making
from tests.comments.reader import Reader
from tests.foundation.fake_service import FakeService, Reply

WORDS = "The council had the letter for nine months."
DISCARD = {"X-akismet-pro-tip": "discard"}
pytestmark = pytest.mark.django_db(transaction=True)


def plain(body: str = "false", **more) -> Reply:
    return Reply(**{"body": body.encode(), "content_type": "text/plain; charset=utf-8", **more})


@pytest.fixture
def asked(settings):
    with FakeService(otherwise=plain()) as stand_in:
        settings.AKISMET_KEY, settings.AKISMET_URL = "k3y", stand_in.origin
        yield stand_in


@pytest.fixture
def article():
    return factories.published(headline="The council and the letter")


@pytest.fixture
def silence(monkeypatch):
    """No waiting between attempts: the queue's own tests are about that."""
    monkeypatch.setattr(tasks._Policy, "wait_after", lambda self, attempt: dt.timedelta(0))


def send(article, source=WORDS, **fields) -> Comment:
    """As the form's view does it."""
    writer = fields.pop("commenter", None) or making.commenter()
    candidate = screening.Candidate(
        article=article, source=source, name=writer.name, email=writer.email, address="203.0.113.9",
        user_agent="Browser/1", form_age_seconds=60, commenter=writer, is_proven=fields.get("is_proven", False),
    )  # fmt: skip
    found = screening.examine(candidate)
    comment = moderation.submit(making.submission(article, commenter=writer, source=source, suspicions=found, **fields))
    screening.ask_about(comment, candidate)
    return comment


def reasons(comment):
    return list(Suspicion.objects.filter(comment=comment).values_list("reason", flat=True))


def test_without_a_key_nothing_is_asked_and_nothing_waits_for_it(article, run_tasks):
    CommentSettings.objects.create(pk=1, mode=Mode.NONE_WAITS)
    assert send(article).is_public
    run_tasks()
    assert not ServiceQuestion.objects.exists()


def test_who_is_to_be_asked_is_asked_though_the_process_ends_right_after_its_commit(asked, article, monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda act, **how: None)
    comment = send(article)
    assert ServiceQuestion.objects.filter(pk=comment.pk).exists()
    assert DBTaskResult.objects.filter(task_path=service.ask_service.module_path).count() == 1


def test_a_person_who_posts_at_once_waits_for_the_answer_and_is_published_by_it(asked, article, run_tasks):
    writer = making.trusted(article)
    comment = send(article, commenter=writer, is_proven=True)
    assert comment.status == "pending"
    assert reasons(comment) == [service.ASKED]
    run_tasks()
    comment.refresh_from_db()
    assert comment.is_public
    assert reasons(comment) == []


def test_a_first_comment_goes_on_waiting_when_the_service_finds_nothing(asked, article, run_tasks):
    comment = send(article)
    run_tasks()
    comment.refresh_from_db()
    assert (comment.status, reasons(comment)) == ("pending", [])


@pytest.mark.parametrize(
    ("headers", "answer", "reason"),
    [({}, "spam", service.SAID_SPAM), (DISCARD, "surely", service.SAID_SURELY)],
)
def test_spam_is_kept_as_suspected_however_sure_the_service_is(asked, article, run_tasks, headers, answer, reason):
    asked.replies("comment-check", plain("true", headers=headers))
    comment = send(article, commenter=making.trusted(article), is_proven=True)
    run_tasks()
    comment.refresh_from_db()
    assert (comment.status, comment.source, reasons(comment)) == ("spam", WORDS, [reason])
    assert comment.service_question.answer == answer
    moderation.approve(comment, factories.editor())
    assert comment.is_public


@pytest.mark.parametrize(
    "reply",
    [
        plain(status=500),
        plain("maybe"),
        plain(""),
        plain("invalid"),
        plain("x" * 20_000),
        plain('{"spam": false}', content_type="application/json"),
        plain("", status=302, headers={"Location": "https://elsewhere.example/"}),
        plain(seconds_before=0.5),
    ],
    ids=["500", "nonsense", "empty", "wrong key", "too large", "another kind", "redirect", "too slow"],
)
def test_when_the_service_fails_the_comment_waits_and_the_moderator_is_told(
    asked, article, run_tasks, silence, monkeypatch, reply
):
    monkeypatch.setattr(akismet, "TIME_LIMIT", 0.2)
    asked.replies("comment-check", reply)
    comment = send(article, commenter=making.trusted(article), is_proven=True)
    run_tasks()
    comment.refresh_from_db()
    assert comment.status == "pending"
    (reason,) = reasons(comment)
    assert reason.startswith("The spam service gave no answer: ")
    assert len(asked.requests) == service.ATTEMPTS
    question = ServiceQuestion.objects.get(comment=comment)
    assert (question.address, question.user_agent, question.answer) == ("", "", "failed")
    moderation.approve(comment, factories.editor())
    assert comment.is_public


def test_a_service_that_cannot_be_reached_holds_up_nobody_but_the_comment(settings, article, run_tasks, silence):
    settings.AKISMET_KEY, settings.AKISMET_URL = "k3y", "http://127.0.0.1:1"
    comment = send(article)
    run_tasks()
    assert reasons(comment) == ["The spam service gave no answer: no connection could be made, or it broke"]


def test_a_second_attempt_may_bring_the_answer(asked, article, run_tasks, silence):
    asked.replies("comment-check", plain(status=503), plain("false"))
    comment = send(article, commenter=making.trusted(article), is_proven=True)
    run_tasks()
    comment.refresh_from_db()
    assert comment.is_public


def test_only_what_the_protocol_needs_is_sent(asked, article, run_tasks):
    comment = send(article)
    run_tasks()
    (form,) = asked.forms("comment-check")
    assert form == {
        "api_key": "k3y",
        "blog": "http://testserver/",
        "user_ip": "203.0.113.9",
        "user_agent": "Browser/1",
        "comment_type": "comment",
        "comment_author": comment.name,
        "comment_content": WORDS,
        "permalink": f"http://testserver{article.get_absolute_url()}",
        "blog_lang": "en",
        "blog_charset": "UTF-8",
    }


def test_the_address_is_kept_only_while_the_answer_is_out(asked, article, run_tasks):
    comment = send(article)
    question = ServiceQuestion.objects.get(comment=comment)
    assert question.address == "203.0.113.9"
    run_tasks()
    question.refresh_from_db()
    assert (question.address, question.user_agent) == ("", "")
    kept = [row.args_kwargs for row in DBTaskResult.objects.all()]
    assert kept
    assert "203.0.113.9" not in str(kept)


def test_who_is_forgotten_meanwhile_is_not_told_to_the_service(asked, article, run_tasks):
    comment = send(article)
    persons.erase(comment.commenter, keeps_words=True)
    run_tasks()
    assert not ServiceQuestion.objects.exists()
    assert asked.requests == []


def test_what_is_spam_without_the_service_is_not_sent_to_it(asked, article, run_tasks):
    article_words = {"source": WORDS + " Buy Viagra and Cialis without prescription: http://pills.xyz order now"}
    comment = send(article, **article_words)
    run_tasks()
    assert comment.status == "spam"
    assert asked.requests == []


def test_other_findings_keep_a_comment_waiting_after_ham(asked, article, run_tasks):
    source = WORDS + " https://bbc.co.uk/1 https://bbc.co.uk/2 https://bbc.co.uk/3"
    comment = send(article, source, commenter=making.trusted(article), is_proven=True)
    run_tasks()
    comment.refresh_from_db()
    assert (comment.status, reasons(comment)) == ("pending", ["3 links; the rule allows 2"])


def test_what_a_moderator_has_decided_meanwhile_stays(asked, article, run_tasks, editor):
    asked.replies("comment-check", plain("true"))
    approved, rejected = send(article), send(article, "Other words altogether, of another reader.")
    moderation.approve(approved, editor)
    moderation.reject(rejected, editor)
    run_tasks()
    approved.refresh_from_db()
    rejected.refresh_from_db()
    assert (approved.status, rejected.status) == ("public", "rejected")
    assert reasons(approved) == [service.SAID_SPAM]


def test_a_banned_writer_or_a_closed_article_is_not_published_by_ham(asked, article, run_tasks, editor):
    writer = making.trusted(article)
    comment = send(article, commenter=writer, is_proven=True)
    moderation.ban_person(writer, editor, reason="abuse")
    run_tasks()
    comment.refresh_from_db()
    assert comment.status == "pending"


def test_an_answer_about_words_that_were_edited_meanwhile_counts_for_nothing(asked, article, run_tasks):
    writer = making.trusted(article)
    comment = send(article, commenter=writer, is_proven=True)
    question = ServiceQuestion.objects.get(comment=comment)
    moderation.edit(comment, "Altogether other words, which nobody has asked about.", by_commenter=writer)
    service._settle(question, akismet.Verdict.HAM)
    comment.refresh_from_db()
    assert comment.status == "pending"


def test_an_edited_comment_is_asked_about_anew(asked, article, run_tasks):
    writer = making.trusted(article)
    comment = send(article, commenter=writer, is_proven=True)
    run_tasks()
    comment.refresh_from_db()
    assert comment.is_public
    asked.replies("comment-check", plain("true"))
    candidate = screening.Candidate(
        article=article, source="New words of mine.", commenter=writer, is_proven=True, is_edit=True, comment=comment
    )
    found = screening.examine(candidate)
    moderation.edit(comment, candidate.source, by_commenter=writer, suspicions=found)
    screening.ask_about(comment, candidate)
    assert comment.status == "pending"
    run_tasks()
    comment.refresh_from_db()
    assert comment.status == "spam"
    assert asked.forms("comment-check")[-1]["comment_content"] == "New words of mine."


def test_a_known_reader_sees_the_comment_published_after_the_answer(asked, article, run_tasks, monkeypatch):
    """By the form, as readers send it, and edited by its page."""
    monkeypatch.setattr(stamp, "SOONEST", 0)
    reader = Reader().is_known_as(making.trusted(article))
    reader.write(article, WORDS)
    comment = Comment.objects.get(source=WORDS)
    assert comment.status == "pending"
    run_tasks()
    comment.refresh_from_db()
    assert comment.is_public
    reader.open(reverse("comment_edit", args=[comment.uid]))
    reader.send(text="Other words.")
    comment.refresh_from_db()
    assert (comment.source, comment.status) == ("Other words.", "pending")
    run_tasks()
    comment.refresh_from_db()
    assert comment.is_public
    assert [form["comment_content"] for form in asked.forms("comment-check")] == [WORDS, "Other words."]
    assert asked.forms("comment-check")[0]["user_ip"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("key", "url", "is_wrong"),
    [
        ("k", "http://rest.akismet.com", True),
        ("k", "https://", True),
        ("k", "https://rest.akismet.com", False),
        ("k", "http://127.0.0.1:9000", False),
        ("", "http://rest.akismet.com", False),
    ],
)
def test_a_service_that_could_never_be_asked_stops_the_start(settings, key, url, is_wrong):
    settings.AKISMET_KEY, settings.AKISMET_URL = key, url
    assert bool(service_can_be_asked(None)) == is_wrong


def test_asking_twice_publishes_and_sends_once(asked, article, run_tasks):
    comment = send(article, commenter=making.trusted(article), is_proven=True)
    service.ask_service.enqueue(comment.pk)
    run_tasks()
    comment.refresh_from_db()
    assert comment.is_public
    assert len(asked.forms("comment-check")) == 1


@pytest.mark.parametrize(
    ("said", "verb", "what"),
    [("false", "mark_spam", "submit-spam"), ("true", "approve", "submit-ham")],
)
def test_where_a_moderator_has_it_otherwise_the_service_is_told(asked, article, run_tasks, editor, said, verb, what):
    asked.replies("comment-check", plain(said))
    comment = send(article)
    run_tasks()
    comment.refresh_from_db()
    getattr(moderation, verb)(comment, editor)
    run_tasks()
    assert [form["comment_content"] for form in asked.forms(what)] == [WORDS]
    assert "user_ip" not in asked.forms(what)[0]
    getattr(moderation, verb)(comment, editor)
    run_tasks()
    assert len(asked.forms(what)) == 1


@pytest.mark.parametrize(("said", "verb"), [("true", "mark_spam"), ("false", "approve"), ("false", "reject")])
def test_where_a_moderator_agrees_or_merely_rejects_nothing_is_told(asked, article, run_tasks, editor, said, verb):
    asked.replies("comment-check", plain(said))
    comment = send(article)
    run_tasks()
    comment.refresh_from_db()
    getattr(moderation, verb)(comment, editor)
    run_tasks()
    assert {request.path for request in asked.requests} == {"/1.1/comment-check"}


def test_a_question_whose_task_is_gone_is_closed_after_a_day(asked, article):
    comment = send(article)
    assert retention.close_questions() == 0
    ServiceQuestion.objects.update(asked_at=clock.now() - dt.timedelta(hours=25))
    assert retention.close_questions() == 1
    assert ServiceQuestion.objects.get().address == ""
    assert reasons(comment) == ["The spam service gave no answer: it was not heard of for a day"]


def test_the_command_tells_whether_the_key_is_known(asked, capsys):
    asked.replies("verify-key", plain("valid"))
    call_command("verify_spam_service")
    assert "knows the key" in capsys.readouterr().out
    assert asked.forms("verify-key")[0]["key"] == "k3y"
    for reply, told in ((plain("invalid"), "does not know"), (plain("hm"), "no usable"), (plain(status=500), "500")):
        asked.replies("verify-key", reply)
        with pytest.raises(CommandError, match=told):
            call_command("verify_spam_service")


def test_the_command_says_when_no_service_is_asked(settings):
    settings.AKISMET_KEY = ""
    with pytest.raises(CommandError, match="no AKISMET_KEY"):
        call_command("verify_spam_service")


def test_an_address_of_the_service_inside_our_network_is_refused(settings, article):
    settings.AKISMET_KEY, settings.AKISMET_URL = "k3y", "https://127.0.0.1"
    with pytest.raises(akismet.NoAnswer):
        akismet.check({"comment_content": str(uuid.uuid4())})
