"""A machine that tries out cards, on the real views: at any phase of a clock, past the step, and declined."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client

from donations import declines, defence, handlers, stamps
from donations.models import Alarm, StripeEvent
from tests.donations.reader import Reader
from tests.donations.stripe_path import DECLINED, FAILS_LATER, Path
from tests.fakestripe.running import Refusal
from tests.proof import IS_LONG

pytestmark = pytest.mark.django_db

HOUR = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
TEN = dt.timedelta(minutes=10)
SLOWEST = defence.WAIT * 2**defence.DOUBLINGS + dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())


def attempt(address: str) -> bool:
    """A form of its own each time and no cookie, as a machine would. Whether a payment page came of it."""
    told = {"stamp": stamps.new(uuid.uuid4()), "kind": "once", "choice": "1000"}
    return Client(REMOTE_ADDR=address).post("/support/", told).status_code == 303


def attack(begin: dt.datetime, addresses: int, attempts: int) -> list[tuple[dt.datetime, str]]:
    """At the pace of 400 in five minutes; when and from where payment pages were had."""
    made = []
    with time_machine.travel(begin, tick=False) as moment:
        for n in range(attempts):
            address = f"198.51.100.{n % addresses}"
            if attempt(address):
                made.append((begin + n * dt.timedelta(seconds=0.75), address))
            moment.shift(0.75)
    return made


def most_in_ten_minutes(made) -> int:
    moments = [moment for moment, _address in made]
    return max(sum(begin <= each < begin + TEN for each in moments) for begin in moments)


@pytest.mark.parametrize(
    ("addresses", "minutes"),
    [(50, 7.5), *([(1, 7.5), (7, 0), (20, 9), (50, 3)] if IS_LONG else [(1, 7.5)])],
)
def test_four_hundred_attempts_in_five_minutes_make_few_pages_at_any_phase(stand_in, addresses, minutes):
    begin = HOUR + dt.timedelta(minutes=minutes)  # at 7.5 it stands astride a span of ten minutes
    made = attack(begin, addresses, 400 if IS_LONG or addresses > 1 else 60)
    assert most_in_ten_minutes(made) == min(defence.SITE_WIDE, defence.PER_NETWORK * addresses)
    for address in {address for _moment, address in made}:
        assert most_in_ten_minutes([each for each in made if each[1] == address]) <= defence.PER_NETWORK
    assert len(stand_in.see("rows")["checkout.session"]) == len(made)


def test_a_second_burst_just_after_the_first_finds_the_door_closed(stand_in):
    """What fixed spans would have let through: five at the end of one, five at the begin of the next."""
    assert len(attack(HOUR + dt.timedelta(minutes=9, seconds=50), 1, 8)) == 5
    assert attack(HOUR + dt.timedelta(minutes=10, seconds=1), 1, 8) == []
    assert len(attack(HOUR + dt.timedelta(minutes=22), 1, 8)) == 5


def test_people_who_come_over_an_hour_or_two_are_not_even_asked(stand_in):
    people = 200 if IS_LONG else 60
    with time_machine.travel(HOUR, tick=False) as moment:
        for n in range(people):
            reader = Reader(stand_in, address=f"203.0.{n // 100}.{n % 100}")
            assert reader.ask(choice="2500", kind="quarterly").status_code == 303
            moment.shift(36)
    assert not Alarm.objects.exists()


class TestTheStep:
    @pytest.fixture
    def moment(self):
        with time_machine.travel(HOUR, tick=False) as traveller:
            yield traveller

    @pytest.fixture
    def asked(self, stand_in, moment):
        """A person from a network that was busy before."""
        for _ in range(defence.PER_NETWORK):
            attempt("203.0.113.7")
        reader = Reader(stand_in)
        assert reader.ask(choice="1000", kind="once", message="Kept").status_code == 422
        return reader

    def test_who_only_waits_and_sends_it_back_gets_nowhere(self, asked, moment):
        for _ in range(4):
            moment.shift(SLOWEST)
            assert asked.send("/support/").status_code == 422
            assert "choose once more" in asked.said()
        moment.shift(SLOWEST)
        assert asked.answer().status_code == 303

    def test_nothing_is_chosen_beforehand_and_each_question_has_other_values(self, asked, moment):
        seen = set()
        for _ in range(3):
            assert "answer" not in asked.form()
            seen |= set(answers(asked))
            moment.shift(SLOWEST)
            asked.send("/support/")
        assert len(seen) == 9

    def test_what_was_right_in_one_question_is_wrong_in_the_next(self, asked, moment):
        moment.shift(SLOWEST)
        right = right_answer(asked)
        asked.send("/support/")
        moment.shift(SLOWEST)
        assert asked.send("/support/", answer=right).status_code == 422
        moment.shift(SLOWEST)
        assert asked.answer().status_code == 303

    def test_the_others_are_wrong(self, asked, moment):
        moment.shift(SLOWEST)
        wrong = next(value for value in answers(asked) if value != right_answer(asked))
        assert asked.send("/support/", answer=wrong).status_code == 422

    @pytest.mark.parametrize("answer", ["", "x", "ä", "\x00", "x" * 5000])
    def test_nonsense_is_wrong_and_breaks_nothing(self, asked, moment, answer):
        moment.shift(SLOWEST)
        assert asked.send("/support/", answer=answer).status_code == 422

    def test_another_browser_cannot_answer_it(self, asked, moment, stand_in):
        moment.shift(SLOWEST)
        told = {**asked.form(), "answer": right_answer(asked)}
        assert Client(REMOTE_ADDR="203.0.113.7").post("/support/", told).status_code == 422
        assert asked.client.post("/support/", told).status_code == 303

    def test_a_choice_made_too_early_stays_chosen(self, asked, moment):
        chosen = right_answer(asked)
        asked.answer()
        assert "a little too fast" in asked.said()
        assert asked.form()["answer"] == chosen

    def test_changing_something_brings_the_form_back_as_it_was(self, asked):
        page = asked.send("/support/", change="yes")
        assert page.status_code == 200
        form = asked.form()
        assert (form["choice"], form["kind"], form["message"]) == ("1000", "once", "Kept")

    def test_a_double_click_on_it_leads_to_one_page(self, asked, moment, stand_in):
        moment.shift(SLOWEST)
        told = {**asked.form(), "answer": right_answer(asked)}
        before = len(stand_in.see("rows")["checkout.session"])
        assert [asked.client.post("/support/", told).status_code for _ in range(2)] == [303, 303]
        assert len(stand_in.see("rows")["checkout.session"]) == before + 1

    def test_the_wait_grows_while_one_network_goes_on(self, moment, stand_in):
        for _ in range(defence.PER_NETWORK):
            attempt("203.0.113.7")
        waits = []
        for _ in range(20):
            reader = Reader(stand_in)
            reader.ask(choice="1000", kind="once")
            waits.append(wait_of(reader))
        assert waits == sorted(waits)
        assert (waits[0], waits[-1]) == (5, 40)

    def test_and_is_short_again_later_and_for_others(self, moment, stand_in):
        for _ in range(defence.PER_NETWORK + 20):
            attempt("203.0.113.7")
        other = Reader(stand_in, address="203.0.113.8")
        other.ask(homepage="x")
        assert wait_of(other) == 5
        moment.shift(12 * 60)
        later = Reader(stand_in)
        later.ask(homepage="x")
        assert wait_of(later) == 5


def answers(reader) -> list[str]:
    from lxml import html

    return html.fromstring(reader.page.text).xpath("//input[@name='answer']/@value")


def right_answer(reader) -> str:
    """Without leaving the page."""
    page, sent = reader.page, {}
    reader.send = lambda path, **told: sent.update(told)
    try:
        reader.answer()
    finally:
        del reader.send
    reader.page = page
    return sent["answer"]


def wait_of(reader) -> int:
    words = reader.said()
    assert "Please wait" in words, words
    return int(words.split("Please wait ")[1].split()[0])


class TestDeclines:
    @pytest.fixture
    def path(self, stand_in):
        return Path(stand_in, dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1))

    def decline(self, path, times: int) -> None:
        """One payment page, a new card each time."""
        intent = path.ask("once", 1000)
        for _ in range(times):
            with pytest.raises(Refusal):
                path.pay(intent, DECLINED)
        path.settle()

    def fresh(self, path) -> int:
        return Reader(path.stand_in, address="192.0.2.99").ask(choice="1000", kind="once").status_code

    def test_many_declined_cards_bring_the_step_for_everybody_and_an_alarm(self, path):
        self.decline(path, declines.MANY - 1)
        assert self.fresh(path) == 303
        self.decline(path, 1)
        assert self.fresh(path) == 422
        assert "10 cards were declined" in Alarm.objects.get(kind="cards").text
        self.decline(path, 3)
        assert "10 cards were declined" in Alarm.objects.get(kind="cards").text  # told once in a while

    def test_it_ends_when_no_more_are_declined(self, path):
        self.decline(path, declines.MANY)
        assert declines.is_storm()
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=12), tick=False):
            assert not declines.is_storm()

    def test_as_many_among_more_that_are_paid_are_no_storm(self, path):
        for n in range(declines.MANY):
            path.gift(email=f"reader{n}@example.org")
        self.decline(path, declines.MANY)
        assert self.fresh(path) == 303
        assert not Alarm.objects.exists()
        self.decline(path, 1)
        assert declines.is_storm()

    def test_an_event_that_comes_again_counts_once(self, path):
        self.decline(path, declines.MANY - 1)
        (charge, *_) = [row for row in path.rows("charge") if row["status"] == "failed"]
        for _ in range(3):
            handlers.charge_failed(charge["id"])
        assert not declines.is_storm()

    def test_what_is_long_over_counts_for_nothing(self, path, monkeypatch):
        with monkeypatch.context() as held:
            held.setattr(Path, "settle", lambda self: None)
            self.decline(path, declines.MANY)
        path.go_on(days=0.01)
        path.settle()
        assert StripeEvent.objects.filter(type="charge.failed", status="done").count() == declines.MANY
        assert not declines.is_storm()

    def test_renewals_that_fail_are_no_mark_of_it(self, path):
        pledges = [path.pledge(FAILS_LATER, email=f"reader{n}@example.org") for n in range(declines.MANY)]
        path.go_on(days=93)
        path.settle()
        failed = StripeEvent.objects.filter(type="charge.failed")
        assert failed.count() >= len(pledges)
        assert set(failed.values_list("status", flat=True)) == {"done"}
        assert not declines.is_storm()

    def test_cards_of_another_site_at_the_same_account_do_not_count(self, path, settings):
        self.decline(path, declines.MANY - 1)
        own, settings.STRIPE_SITE = settings.STRIPE_SITE, "another.example"
        intent = path.ask("once", 1000)
        with pytest.raises(Refusal):
            path.pay(intent, DECLINED)
        settings.STRIPE_SITE = own
        path.settle()
        assert StripeEvent.objects.filter(type="charge.failed", status="done").count() == declines.MANY
        assert not declines.is_storm()
        self.decline(path, 1)
        assert declines.is_storm()

    def test_the_breaker_lets_fewer_past_the_step(self, path):
        self.decline(path, declines.MANY)
        answers = []
        with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as moment:
            for _ in range(defence.CONFIRMED_IN_A_STORM + 2):
                reader = Reader(path.stand_in, address="192.0.2.50")
                reader.ask(choice="1000", kind="once")
                moment.shift(SLOWEST)
                answers.append(reader.answer().status_code)
        assert answers == [303] * defence.CONFIRMED_IN_A_STORM + [429] * 2
