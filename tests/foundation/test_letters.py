"""A letter exists with the transaction that is its reason and is sent once, whatever is repeated or fails."""

import datetime as dt
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from foundation import clock, letters, tasks
from foundation.models import Letter

NOON = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)
broken = []
taken = []


class Refused(OSError):
    """What the mail server of these tests answers while `broken` holds anything."""


class Backend(BaseEmailBackend):
    def send_messages(self, messages):
        if broken:
            raise Refused("451 ann@example.org: come back later")
        for message in messages:
            message.message()
        taken.extend(messages)
        return len(messages)


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.foundation.test_letters.Backend"}}
    broken.clear()
    taken.clear()
    return taken


@pytest.fixture
def machine():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def post(key="thanks:pi_1", to="ann@example.org", subject="Thank you", text="Words", html="<p>Words</p>", **more):
    return letters.post(key, to, subject, text, html, **more)


def test_a_letter_is_sent_with_both_its_forms_and_marked_as_automatic(run_tasks, mailbox):
    post(about="payment 1")
    run_tasks()
    (sent,) = mailbox
    read = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert (read["To"], read["Subject"], read["Auto-Submitted"]) == ("ann@example.org", "Thank you", "auto-generated")
    assert read.get_body(("plain",)).get_content().strip() == "Words"
    assert read.get_body(("html",)).get_content().strip() == "<p>Words</p>"
    letter = Letter.objects.get()
    assert (letter.kind, letter.about, letter.state, letter.attempts) == ("thanks", "payment 1", "sent", 1)
    assert read["Message-ID"] == letters.message_id("thanks:pi_1")


def test_the_same_key_twice_is_one_letter_as_first_written(run_tasks, mailbox):
    assert post() == post(subject="Other words", to="bob@example.org")
    run_tasks()
    post()
    run_tasks()
    assert [sent.subject for sent in mailbox] == ["Thank you"]
    assert DBTaskResult.objects.count() == 1


def test_a_letter_whose_reason_was_rolled_back_does_not_exist(run_tasks, mailbox):
    def fail():
        with transaction.atomic():
            post()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    run_tasks()
    assert (mailbox, Letter.objects.count()) == ([], 0)


def test_a_task_repeated_after_success_sends_nothing(run_tasks, mailbox):
    letter = post()
    run_tasks()
    letters.send.enqueue(letter.pk)
    letters.send.func(letter.pk)
    run_tasks()
    assert len(mailbox) == 1
    letter.refresh_from_db()
    assert letter.attempts == 1


def test_a_failure_is_written_down_and_tried_again(run_tasks, mailbox, machine):
    broken.append(True)
    letter = post()
    run_tasks()
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.taken_until) == ("failing", None, None)
    assert letter.last_error == "Refused: 451 ann@example.org: come back later"
    assert "ann@" not in DBTaskResult.objects.get().traceback
    broken.clear()
    machine.shift(61)
    run_tasks()
    letter.refresh_from_db()
    assert (letter.state, letter.last_error, letter.attempts, len(mailbox)) == ("sent", "", 2, 1)


def test_it_is_tried_for_three_days():
    how = tasks._Policy(letters.ATTEMPTS, letters.FIRST_WAIT)
    waited = sum((how.wait_after(attempt) for attempt in range(1, letters.ATTEMPTS)), dt.timedelta())
    assert dt.timedelta(days=3) <= waited < dt.timedelta(days=3, hours=2)


@pytest.mark.django_db
def test_while_one_worker_has_a_letter_no_other_sends_it(mailbox, machine):
    letter = post()
    assert letters._take(letter.pk)
    letters.send.func(letter.pk)
    assert mailbox == []
    machine.shift(letters.ONE_WORKER_FOR)
    letters.send.func(letter.pk)
    assert len(mailbox) == 1


@pytest.mark.django_db
def test_a_letter_sent_but_not_written_down_goes_out_again_under_the_same_id(mailbox):
    letter = post()
    letters.send.func(letter.pk)
    Letter.objects.update(sent_at=None)
    letters.send.func(letter.pk)
    first, second = [sent.extra_headers["Message-ID"] for sent in mailbox]
    assert first == second
    assert letters.message_id("thanks:pi_2") != first


def test_a_letter_is_dated_by_the_demos_clock(run_tasks, settings, tmp_path):
    file = tmp_path / "clock.json"
    file.write_text(str(90 * 86400))
    settings.DEMO_CLOCK_FILE = str(file)
    post()
    run_tasks()
    letter = Letter.objects.get()
    assert abs(letter.sent_at - clock.now()) < dt.timedelta(hours=1)
    assert letter.state == "sent"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["thanks", "thanks:", ":pi_1", ""])
def test_a_key_names_its_kind(key):
    with pytest.raises(ValueError, match="kind:something"):
        post(key)


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["", "ann", "ann@example.org, bob@example.org", "a@b.c\nBcc: d@e.f"])
def test_what_is_no_single_address_is_refused_before_anything_is_kept(to):
    with pytest.raises(ValueError, match="no address"):
        post(to=to)
    assert Letter.objects.count() == 0


def test_a_subject_is_one_line_of_bounded_length(run_tasks, mailbox):
    post(subject="Thank\r\nBcc: eve@example.org " + "x" * 400)
    run_tasks()
    assert mailbox[0].subject.startswith("Thank Bcc: eve@example.org x")
    assert "Bcc" not in mailbox[0].message()
    assert len(Letter.objects.get().subject) == 300


def test_a_forgotten_person_leaves_no_word_and_gets_no_more_mail(run_tasks, mailbox):
    broken.append(True)
    post(to="Ann@Example.org")
    post("thanks:pi_2", to="bob@example.org")
    run_tasks()
    assert letters.forget(" ANN@example.ORG ") == 1
    broken.clear()
    row = Letter.objects.get(key="thanks:pi_1")
    assert (row.to, row.folded_to, row.subject, row.text, row.html, row.last_error) == ("",) * 6
    assert row.state == "forgotten"
    letters.send.func(row.pk)
    assert not letters.try_again(row)
    assert mailbox == []
    post(to="ann@example.org")
    assert Letter.objects.count() == 2
    assert letters.forget("") == 0


def test_a_letter_that_was_given_up_can_be_tried_again(run_tasks, mailbox):
    letter = post()
    DBTaskResult.objects.all().delete()
    assert letters.try_again(letter)
    run_tasks()
    letter.refresh_from_db()
    assert len(mailbox) == 1
    assert not letters.try_again(letter)


def test_a_letter_whose_person_is_forgotten_while_a_worker_takes_it_was_not_sent(mailbox, monkeypatch, db):
    letter = letters.post("thanks:pi_1", "ann@example.org", "Thank you", "Words", "<p>Words</p>")
    take = letters._take
    monkeypatch.setattr(letters, "_take", lambda pk: take(pk) and letters.forget("ann@example.org") == 1)
    letters.send.func(letter.pk)
    letter.refresh_from_db()
    assert (mailbox, letter.state) == ([], "forgotten")
