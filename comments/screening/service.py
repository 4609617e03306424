"""
The optional spam service, asked in the background. While it is asked the comment waits; then the site's own rules
decide as if it had not been asked. When it gives no answer the comment goes on waiting for a moderator. What
moderators decide is told back to it.
"""

import logging

from django.conf import settings
from django.db import transaction

from comments import moderation, signals
from comments.findings import Finding
from comments.models import Act, Comment, ServiceQuestion, Suspicion
from comments.screening import akismet
from comments.screening.reading import Candidate
from foundation import clock
from foundation.tasks import WHEN_QUIET, retried_task

logger = logging.getLogger(__name__)

LAYER = "service"
ATTEMPTS = 4  # over some four minutes
ASKED = "The spam service is being asked"
SAID_SPAM = "The spam service takes it for spam"
SAID_SURELY = "The spam service is sure that it is spam"
SILENT = "The spam service gave no answer: {why}"
Answer = ServiceQuestion.Answer


def findings_so_far(found: list[Finding]) -> list[Finding]:
    """That it will be asked, unless spam was found without it: what need not leave this site stays."""
    return [Finding(LAYER, ASKED)] if akismet.is_on() and not any(finding.is_spam for finding in found) else []


def ask_about(comment: Comment, candidate: Candidate) -> None:
    """
    Call it when a comment is kept that `examine` was asked about. Does nothing without a service, and nothing for a
    comment that is not to be asked about. Safe to repeat.
    """
    if not akismet.is_on() or not comment.suspicions.filter(layer=LAYER, reason=ASKED).exists():
        return
    with transaction.atomic():
        ServiceQuestion.objects.update_or_create(
            comment=comment,
            defaults={
                "address": candidate.address[:45],
                "user_agent": candidate.user_agent[:500],
                "edited_at": comment.edited_at,
                "asked_at": clock.now(),
                "answer": Answer.NONE,
            },
        )
        ask_service.enqueue(comment.pk)


@retried_task(attempts=ATTEMPTS, takes_context=True)
def ask_service(context, comment_id: int) -> None:
    question = ServiceQuestion.objects.select_related("comment__article").filter(pk=comment_id, answer="").first()
    if question is None:
        return
    try:
        verdict = akismet.check({**_told_of(question.comment), **_told_of_reader(question)})
    except akismet.NoAnswer as silence:
        if context.attempt < ATTEMPTS:
            raise
        logger.warning("The spam service gave no answer about comment %s: %s", comment_id, silence)
        give_up(question, str(silence))
        return
    _settle(question, verdict)


def give_up(question: ServiceQuestion, why: str) -> None:
    """The comment waits for a moderator, who is told that nobody else has looked."""
    if _close(question, Answer.FAILED):
        asked = Suspicion.objects.filter(comment_id=question.pk, layer=LAYER, reason=ASKED)
        asked.update(reason=SILENT.format(why=why)[:300])


def receive_decision(comment: Comment, verb: str, **_kwargs) -> None:
    """Tells the service what a moderator found, where it had it otherwise."""
    told = {Act.Verb.SPAM: "spam", Act.Verb.APPROVE: "ham"}.get(verb)
    if told and akismet.is_on():
        question = ServiceQuestion.objects.filter(pk=comment.pk).exclude(told=told).first()
        if question and _is_news(question, told):
            report.enqueue(comment.pk, told)


@retried_task(attempts=ATTEMPTS, priority=WHEN_QUIET)
def report(comment_id: int, told: str) -> None:
    question = ServiceQuestion.objects.select_related("comment__article").filter(pk=comment_id).first()
    if question is None or question.told == told:
        return
    submit = akismet.submit_spam if told == "spam" else akismet.submit_ham
    submit({**_told_of(question.comment), **_told_of_reader(question)})
    ServiceQuestion.objects.filter(pk=comment_id).update(told=told)


def connect() -> None:
    """Called once, when the apps are ready."""
    signals.decided.connect(receive_decision, dispatch_uid="comments.screening.service")


def _settle(question: ServiceQuestion, verdict: akismet.Verdict) -> None:
    """In one transaction with the comment, and only if its words are still those that were asked about."""
    with transaction.atomic():
        if not _close(question, Answer(verdict.value)):
            return
        reason = {akismet.Verdict.SPAM: SAID_SPAM, akismet.Verdict.SURELY: SAID_SURELY}.get(verdict, "")
        finding = Finding(LAYER, reason, is_spam=True) if reason else None
        moderation.settle_question(question.comment, finding, layer=LAYER, edited_at=question.edited_at)


def _close(question: ServiceQuestion, answer: str) -> bool:
    """One caller's, and empties what was kept for the asking."""
    open_still = ServiceQuestion.objects.filter(pk=question.pk, answer=Answer.NONE, asked_at=question.asked_at)
    return bool(open_still.update(answer=answer, address="", user_agent=""))


def _is_news(question: ServiceQuestion, told: str) -> bool:
    said = "spam" if question.answer in (Answer.SPAM, Answer.SURELY) else question.answer
    return said != told and not (said == Answer.FAILED and told == "ham")


def _told_of(comment: Comment) -> dict[str, str]:
    return {
        "comment_type": "reply" if comment.parent_id else "comment",
        "comment_author": comment.name,
        "comment_content": comment.source,
        "permalink": settings.SITE_URL + comment.article.get_absolute_url(),
        "blog_lang": settings.LANGUAGE_CODE,
        "blog_charset": "UTF-8",
    }


def _told_of_reader(question: ServiceQuestion) -> dict[str, str]:
    """Nothing once the question is closed: a moderator's report goes without."""
    told = {"user_ip": question.address, "user_agent": question.user_agent}
    return {name: value for name, value in told.items() if value}
