"""Which letters backers are written, once each, and which never."""

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.template import engines
from django.template.loader import get_template

from donations import books, figures, letter_samples, letter_words, letters, offline, people, regular_letters
from donations.models import Adjustment, Backer, Intent, Invoice, Payment, Pledge
from donations.money import Money
from donations.quarters import Quarter
from foundation.letters import message
from foundation.letters import post as post_letter
from foundation.models import Letter
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db

NOON = utc(2027, 2, 15)


@pytest.fixture(autouse=True)
def clock_of_the_test():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def story():
    told = PledgeStory(NOON)
    told.tell()
    told.paid(0)
    Backer.objects.update(name="Ada")
    return told


def only() -> Letter:
    return Letter.objects.get()


def keys() -> set[str]:
    return set(Letter.objects.values_list("key", flat=True))


def test_thanks_are_a_receipt_and_say_when_the_next_charge_comes(story, settings):
    settings.RECEIPT_TAX_WORDING = "Not deductible in Ruritania."
    payment = Payment.objects.get()
    letters.payment_recorded(payment)
    letter = only()
    assert (letter.to, letter.about) == ("reader@example.org", f"payment {payment.pk}")
    assert letter.subject == "Thank you: $25 USD for Q2 2027"
    for words in (letter.text, letter.html):
        assert "Dear Ada," in words
        assert f"2027-{payment.pk:06d}" in words
        assert "15 February 2027" in words
        assert "The Paper, http://testserver/" in words  # the name of the site, as its editors call it
        assert "15 May 2027" in words
        assert "Not deductible in Ruritania." in words
        assert "http://testserver/support/manage/" in words


def test_a_gift_promises_that_nothing_further_is_charged():
    letters.payment_recorded(gift(NOON))
    assert "Nothing further will be charged." in only().text
    assert "The next charge" not in only().text


def test_a_letter_is_written_once_however_often_it_is_asked_for(story):
    for _ in range(3):
        letters.payment_recorded(Payment.objects.get())
    assert Letter.objects.count() == 1


def test_nothing_is_told_of_what_is_more_than_a_week_old(story, clock_of_the_test):
    clock_of_the_test.move_to(NOON + dt.timedelta(days=7, seconds=1))
    assert letters.payment_recorded(Payment.objects.get()) is None
    assert letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15)), at=NOON) is None
    assert letters.pledge_ended(story.tell(status="canceled", ended_at=NOON)) is None
    take_back(charge_of(Payment.objects.get()), NOON)
    assert letters.taken_back(Adjustment.objects.get()) is None
    assert not Letter.objects.exists()


def test_nothing_is_told_to_those_who_were_forgotten_or_gave_no_address(story):
    Backer.objects.update(forgotten_at=NOON)
    assert letters.payment_recorded(Payment.objects.get()) is None
    assert letters.manage_link("reader@example.org", "http://testserver/x") is None
    Backer.objects.update(forgotten_at=None, email="")
    assert letters.payment_recorded(Payment.objects.get()) is None
    assert not Letter.objects.exists()


def test_an_address_that_mail_cannot_go_to_stops_nothing(story, caplog):
    Backer.objects.update(email="no address")
    assert letters.payment_recorded(Payment.objects.get()) is None
    assert "has no address that mail could go to" in caplog.text


class TestFailedCharges:
    def failing(self, story, **facts):
        facts = {"next_attempt_at": utc(2027, 5, 18), **facts}
        story.tell(status="past_due")
        story.invoice(1, "open", **facts)
        Invoice.objects.update(hosted_url="https://invoice.example.org/1")
        return Invoice.objects.get(stripe_id="in_one_1")

    @pytest.fixture(autouse=True)
    def in_may(self, clock_of_the_test):
        clock_of_the_test.move_to(utc(2027, 5, 15, 12))

    def test_each_attempt_that_another_follows_is_told_once_with_the_way_to_mend_it(self, story):
        invoice = self.failing(story)
        for _ in range(2):
            letters.charge_failed(invoice, at=utc(2027, 5, 15))
        letter = only()
        for words in (letter.text, letter.html):
            assert "https://invoice.example.org/1" in words
            assert "18 May 2027" in words
        letters.charge_failed(self.failing(story, next_attempt_at=utc(2027, 5, 23)), at=utc(2027, 5, 18))
        assert Letter.objects.count() == 2

    def test_the_last_attempt_is_told_by_the_end_of_the_pledge(self, story):
        assert letters.charge_failed(self.failing(story, next_attempt_at=None)) is None
        letters.pledge_ended(story.tell(status="canceled", ended_at=utc(2027, 5, 15, 11)))
        assert "could not be charged" in only().text
        assert "Q2 2027" in only().text

    def test_an_invoice_that_asks_for_authentication_is_told_so_once(self, story):
        invoice = self.failing(story, needs_action_since=utc(2027, 5, 15, 10), next_attempt_at=None)
        letters.needs_authentication(invoice)
        letters.charge_failed(invoice)
        assert only().subject.startswith("Your bank asks")
        assert "by 29 May 2027, the pledge ends by itself and nothing is owed" in only().text
        assert "https://invoice.example.org/1" in only().html

    def test_a_first_charge_that_fails_is_told_on_the_payment_page_only(self, story):
        invoice = self.failing(story)
        Pledge.objects.update(status="incomplete")
        assert letters.charge_failed(Invoice.objects.get(pk=invoice.pk)) is None


def test_an_ending_is_told_when_it_is_decided_and_not_again_when_it_comes(story, clock_of_the_test):
    pledge = story.tell(ends_at=utc(2027, 5, 15))
    letters.pledge_set_to_end(pledge, at=NOON)
    letters.pledge_set_to_end(pledge, at=NOON)
    letter = only()
    assert "15 May 2027" in letter.subject
    assert "one of the backers of Q2 2027" in letter.text
    clock_of_the_test.move_to(utc(2027, 5, 15))
    assert letters.pledge_ended(story.tell(status="canceled", ended_at=utc(2027, 5, 15))) is None


def test_a_pledge_that_gave_way_to_another_currency_ends_silently(story):
    pledge = Pledge.objects.get()
    new = PledgeStory(NOON, name="euros", currency="EUR")
    new.tell()
    Intent.objects.filter(pledge__stripe_id="sub_euros").update(replaces=pledge)
    ended = story.tell(status="canceled", ended_at=NOON)
    assert letters.pledge_ended(ended) is not None  # nothing came of the other so far
    Letter.objects.filter(kind="ended").delete()
    new.paid(0)
    assert letters.pledge_ended(ended) is None


class TestTakenBack:
    @pytest.fixture
    def payment(self):
        return gift(NOON)

    def tell(self, payment, **facts):
        take_back(charge_of(payment), NOON, **facts)
        for adjustment in Adjustment.objects.all():
            letters.taken_back(adjustment)

    def test_refunds_of_parts_are_each_told(self, payment):
        self.tell(payment, minor=1000, name="a")
        self.tell(payment, minor=4000, name="b")
        subjects = set(Letter.objects.values_list("subject", flat=True))
        assert subjects == {"$10 USD goes back to you", "$40 USD goes back to you"}
        assert "The rest still counts for Q2 2027." in Letter.objects.get(subject__startswith="$10").text

    def test_a_refund_that_fails_weeks_later_is_taken_back_in_words(self, payment, clock_of_the_test):
        self.tell(payment)
        clock_of_the_test.move_to(NOON + dt.timedelta(days=20))
        self.tell(payment, status="failed")
        assert keys() == {"refund:refund_ch_gift_1", "refund-failed:refund_ch_gift_1"}

    def test_a_refund_that_failed_long_ago_is_not_news(self, payment, clock_of_the_test):
        clock_of_the_test.move_to(NOON + dt.timedelta(days=20))
        self.tell(payment, status="failed")
        assert not Letter.objects.exists()

    def test_a_dispute_is_told_when_opened_and_when_lost_months_later(self, payment, clock_of_the_test):
        self.tell(payment, kind="dispute", status="needs_response")
        clock_of_the_test.move_to(NOON + dt.timedelta(days=70))
        self.tell(payment, kind="dispute", status="lost")
        assert keys() == {"dispute:dispute_ch_gift_1", "dispute-lost:dispute_ch_gift_1"}


def test_a_link_is_written_to_the_address_that_was_typed_and_each_one_anew():
    letters.manage_link("Somebody@example.org", "http://testserver/support/manage/abc/")
    letters.manage_link("Somebody@example.org", "http://testserver/support/manage/def/")
    assert Letter.objects.count() == 2
    letter = Letter.objects.get(text__contains="/abc/")
    assert letter.to == "Somebody@example.org"
    assert "abc" not in letter.key


class TestChargesAhead:
    def run(self):
        call_command("send_backer_letters", verbosity=0)

    def test_a_week_before_a_charge_it_is_told_once(self, story, clock_of_the_test):
        clock_of_the_test.move_to(utc(2027, 5, 7, 23))
        self.run()
        assert not Letter.objects.exists()
        clock_of_the_test.move_to(utc(2027, 5, 8, 1))
        for _ in range(2):
            self.run()
        assert only().subject == "On 15 May your pledge of $25 USD is charged"
        clock_of_the_test.move_to(utc(2027, 5, 9))
        self.run()
        assert Letter.objects.count() == 1

    @pytest.mark.parametrize("change", [{"is_paused": True}, {"ends_at": utc(2027, 5, 15)}, {"status": "canceled"}])
    def test_no_charge_is_told_that_will_not_come(self, story, clock_of_the_test, change):
        story.tell(**change)
        clock_of_the_test.move_to(utc(2027, 5, 9))
        self.run()
        assert not Letter.objects.exists()


class TestTheEndOfAQuarter:
    @pytest.fixture(autouse=True)
    def closed(self, story, clock_of_the_test):
        for number in range(3):
            gift(NOON, email=f"reader{number}@example.org", name=str(number), minor=1000)
        clock_of_the_test.move_to(utc(2027, 7, 14, 1))
        books.close(Quarter(2027, 2), livemode=False)

    def run(self):
        call_command("send_backer_letters", verbosity=0)
        return Letter.objects.filter(kind="quarter")

    def test_every_backer_of_it_is_told_what_all_gave_and_their_own_part(self):
        assert self.run().count() == 4
        assert self.run().count() == 4
        letter = Letter.objects.get(key=f"quarter:2027Q2:{people.find('reader@example.org', livemode=False).pk}")
        assert letter.subject == "Q2 2027: what you made possible"
        for words in (letter.text, re.sub(r"<[^>]+>", "", letter.html)):
            assert "one of 4 people" in words
            assert "$55 together" in words
            assert re.search(r"Your part:? ?\$25\b(?! USD)", words)

    def test_its_figures_are_written_as_on_the_public_pages(self, story, clock_of_the_test):
        public = dataclasses.replace(
            next(each for each in figures.public_quarters() if each.quarter == Quarter(2027, 2)),
            total=Money(340500, "USD"),
            currencies=(
                figures.InCurrency("USD", Money(340500, "USD")),
                figures.InCurrency("CAD", Money(120000, "CAD")),
            ),
        )
        words = letter_words.of_quarter(public, name="", given=[Money(123450, "CAD")], stop_url="/stop/")
        for told in (words.text, re.sub(r"<[^>]+>", "", words.html)):
            assert "with $3405 together" in told
            assert "CA$1200" in told
            assert "CA$1234.50" in told
            assert "USD" not in told

    def test_the_figures_of_few_are_not_told(self, settings):
        settings.AMOUNTS_HIDDEN_BELOW = 5
        letter = self.run().first()
        assert "one of 4 people" in letter.text
        assert "$55" not in letter.text + letter.html

    def test_it_is_no_news_after_a_week(self, clock_of_the_test):
        clock_of_the_test.move_to(utc(2027, 7, 22))
        assert not self.run().exists()

    def test_who_declines_it_by_its_own_link_gets_no_more(self, client):
        letter = self.run().order_by("pk").last()
        path = letter.stop_url.removeprefix("http://testserver")
        assert b"<button" in client.get(path).content
        assert Backer.objects.filter(news_stopped_at=None).count() == 4
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert Backer.objects.exclude(news_stopped_at=None).get().email == letter.to
        Letter.objects.all().delete()
        assert self.run().count() == 3

    def test_a_made_up_link_declines_nothing(self, client):
        assert client.post("/support/letters/stop/made-up/").status_code == 404
        assert not Backer.objects.exclude(news_stopped_at=None).exists()

    def test_books_brought_in_from_the_past_are_no_news(self, clock_of_the_test):
        clock_of_the_test.move_to(utc(2027, 12, 1))
        books.close(Quarter(2027, 3), livemode=False)
        assert not self.run().exists()


def test_an_offline_gift_is_thanked_with_the_way_it_came():
    payment = offline.record_offline_gift(
        backer=None, email="bank@example.org", money=Money(5000, "USD"), received_on=NOON.date(), method="bank"
    )
    letters.payment_recorded(payment)
    assert "Paid by: bank transfer" in only().text


@pytest.mark.parametrize("sample", letter_samples.SAMPLES, ids=lambda sample: sample.name)
def test_every_letter_writes_amounts_as_the_pages_do(sample):
    """Four digits stand together in all of them, in the subject, the text and the HTML."""
    large = {
        name: Money(100_000, each.currency) if isinstance(each, Money) else each for name, each in sample.facts.items()
    }
    words = letter_words.render(sample.template, **large)
    for written in (words.subject, words.text, words.html):
        assert "1,000" not in written
        assert sum(isinstance(each, Money) for each in large.values()) == 0 or "1000" in words.text


@pytest.mark.parametrize("sample", letter_samples.SAMPLES, ids=lambda sample: sample.name)
def test_every_sample_is_whole(sample, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING-%s")
    words = sample.words()
    assert words.subject
    for text in words:
        assert "MISSING" not in text
        assert "{{" not in text
        assert "{%" not in text
    assert "<style>" in words.html
    assert "\n\n\n" not in words.text


def test_every_template_has_a_sample():
    folder = Path(get_template("donations/letters/_letter.html").origin.name).parent
    names = {path.stem for path in folder.glob("*.txt")} - {"_foot"}
    assert names == {sample.template for sample in letter_samples.SAMPLES}
    assert names == {path.stem for path in folder.glob("*.html")} - {"_letter"}


def test_a_name_can_put_no_markup_into_a_letter(story):
    Backer.objects.update(name='<a href="https://evil.example">Ada</a>')
    letters.payment_recorded(Payment.objects.get())
    assert '<a href="https://evil.example">' not in only().html
    assert "&lt;a href=" in only().html


def test_news_can_be_declined_in_the_mail_program_and_receipts_cannot(story):
    stop_url = regular_letters.stop_address(Backer.objects.get())
    news = post_letter("quarter:1:1", "reader@example.org", "News", "Text", "", stop_url=stop_url)
    receipt = letters.payment_recorded(Payment.objects.get())
    headers = message(news).message()
    assert headers["List-Unsubscribe"] == f"<{stop_url}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in message(receipt).message()
