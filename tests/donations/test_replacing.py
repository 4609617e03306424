"""A pledge and its successor, told of in any order: no quarter counts both promises, and what is written follows."""

import itertools
import random

import pytest
import time_machine
from django.db import transaction

from donations import completion, contributions, letter_words, replacing
from donations.admin import panels
from donations.ledger import PledgeMissing
from donations.models import Contribution, Intent, Payment, Pledge
from tests.donations.stripe_facts import PledgeStory, utc

pytestmark = pytest.mark.django_db

MAY = utc(2027, 5, 15)
BEGUN = utc(2027, 5, 20)


@pytest.fixture(autouse=True)
def clock_of_the_test():
    with time_machine.travel(utc(2027, 5, 21), tick=False) as traveller:
        yield traveller


@pytest.fixture
def old():
    """25 dollars since February; the charge of May failed and is tried again."""
    story = PledgeStory(utc(2027, 2, 15), name="old")
    story.tell()
    story.paid(0)
    return story


@pytest.fixture
def new(old):
    story = PledgeStory(BEGUN, name="new", currency="EUR")
    Intent.objects.filter(pk=story.intent.pk).update(replaces=Pledge.objects.get())
    return story


def news(old, new) -> dict:
    """What may be heard while the bank is at the first debit."""
    return {
        "old fails": lambda: old.tell(status="past_due"),
        "old is tried again": lambda: old.invoice(1, "open", next_attempt_at=utc(2027, 5, 28)),
        "new begins": lambda: new.tell(),
        "new is debited": lambda: new.invoice(0, "open", is_processing=True),
    }


def hear(verb) -> None:
    try:
        verb()
    except PledgeMissing:
        return  # `sync` fetches the pledge then; here its own news comes later, and this again


def promised() -> dict:
    found: dict = {}
    for quarter, currency in Contribution.objects.filter(state="promised").values_list("quarter", "currency"):
        found.setdefault(str(quarter), []).append(currency)
    return found


def written() -> set:
    return set(Contribution.objects.values_list("pledge__stripe_id", "due_at", "quarter", "state", "amount_minor"))


def nothing_twice() -> None:
    assert all(len(currencies) == 1 for currencies in promised().values()), promised()
    assert contributions.unlike_pledges(Pledge.objects.all()) == []


def test_whatever_is_heard_first_the_old_ones_word_counts_while_the_bank_is_at_it(old, new):
    outcomes = set()
    orders = list(itertools.permutations(news(old, new).values()))
    for order in random.Random(3).sample(orders, 8):  # noqa: S311
        with transaction.atomic():
            for verb in (*order, *order):
                hear(verb)
                nothing_twice()
            before = written()
            contributions.rebuild(livemode=False)
            assert written() == before
            outcomes.add(str(sorted(promised().items())))
            transaction.set_rollback(True)
    (only,) = outcomes
    assert "('Q3 2027', ['USD'])" in only
    assert "('Q4 2027', ['USD'])" in only


def test_without_the_rule_the_quarter_would_count_both(old, new, monkeypatch):
    """The control: the check above sees it."""
    monkeypatch.setattr(replacing, "spoken_for", lambda pledge: set())
    for verb in news(old, new).values():
        verb()
    with pytest.raises(AssertionError, match="USD"):
        nothing_twice()


@pytest.mark.parametrize("seed", range(6))
def test_when_the_debit_came_the_new_ones_word_counts_alone(old, new, seed):
    told = list(news(old, new).values())
    for verb in told[2:]:
        verb()
    told = [*told[:2], lambda: new.paid(0, utc(2027, 5, 20)), lambda: old.tell(status="canceled", ended_at=BEGUN)]
    random.Random(seed).shuffle(told)  # noqa: S311
    for verb in told:
        verb()
        nothing_twice()
    if Pledge.objects.get(stripe_id="sub_old").status != "canceled":
        old.tell(status="canceled", ended_at=BEGUN)
    assert promised()["Q4 2027"] == ["EUR"]
    assert set(itertools.chain(*promised().values())) == {"EUR"}
    assert Contribution.objects.get(payment__fact_key="ch_new_0").state == "paid"


def test_a_bounced_one_leaves_everything_as_it_was(old, new):
    for verb in news(old, new).values():
        verb()
    new.invoice(0, "void")
    new.tell(status="canceled", ended_at=utc(2027, 5, 24))
    nothing_twice()
    assert set(itertools.chain(*promised().values())) == {"USD"}
    assert not replacing.has_successor(Pledge.objects.get(stripe_id="sub_old"))
    assert replacing.unfinished() == []


def test_one_that_begins_on_trial_stands_at_once(old, new):
    new.anchor_at = utc(2027, 8, 15)
    Intent.objects.filter(pk=new.intent.pk).update(trial_end_at=new.anchor_at)
    new.tell(status="trialing")
    nothing_twice()
    assert set(itertools.chain(*promised().values())) == {"EUR"}
    assert [intent.pk for intent in replacing.unfinished()] == [new.intent.pk]


def test_one_on_trial_with_a_charge_that_is_due_at_once_does_not(old, new):
    new.anchor_at = utc(2027, 8, 15)
    Intent.objects.filter(pk=new.intent.pk).update(trial_end_at=new.anchor_at)
    new.tell(status="trialing")
    new.invoice(0, "open", period_start=BEGUN, is_processing=True)
    assert not replacing.stands(Pledge.objects.get(stripe_id="sub_new"))
    nothing_twice()
    new.invoice(0, "paid", period_start=BEGUN, paid_at=utc(2027, 5, 23))
    assert replacing.stands(Pledge.objects.get(stripe_id="sub_new"))


def test_each_change_of_a_change_is_derived_with_the_others(old, new):
    """Three in a row, of which the last stands: only its word counts, whichever of them is heard of."""
    for verb in news(old, new).values():
        verb()
    new.paid(0, BEGUN)
    old.tell(status="canceled", ended_at=BEGUN)
    third = PledgeStory(utc(2027, 5, 21), name="third", currency="GBP")
    Intent.objects.filter(pk=third.intent.pk).update(
        replaces=Pledge.objects.get(stripe_id="sub_new"), trial_end_at=utc(2027, 8, 20)
    )
    third.anchor_at = utc(2027, 8, 20)
    third.tell(status="trialing")
    for verb in (old.tell, new.tell, third.tell):
        verb()
        nothing_twice()
    assert set(itertools.chain(*promised().values())) == {"GBP"}


def test_a_pledge_that_names_itself_follows_nobody(old):
    Intent.objects.filter(pk=old.intent.pk).update(replaces=Pledge.objects.get())
    old.tell()
    nothing_twice()
    assert completion.follow_left_over() == 0


def test_a_quarter_that_the_old_one_paid_meanwhile_is_not_promised_by_the_new_one_too(old, new):
    """Its debit may bounce, and if it comes one of both is most likely given back."""
    for verb in news(old, new).values():
        verb()
    old.paid(1)
    nothing_twice()
    assert promised()["Q4 2027"] == ["USD"]
    assert "Q3 2027" not in promised()
    old.refund(1, utc(2027, 5, 21), minor=2500)  # given back: then the new one's word is all there is
    assert promised()["Q3 2027"] == ["EUR"]
    assert contributions.unlike_pledges(Pledge.objects.all()) == []


class TestChargedByBoth:
    """The old pledge's charge of May came while a bank was at the new one's first debit."""

    @pytest.fixture
    def both(self, old, new):
        old.paid(1)
        new.tell()
        new.paid(0)

    def test_the_desk_tells_whose_and_for_which_quarter(self, both):
        (found,) = replacing.charged_by_both(livemode=False)
        assert (found.pledge.stripe_id, str(found.quarter)) == ("sub_new", "Q3 2027")
        told = panels.to_look_at(None)
        assert [each.pk for each in told["both"]] == [found.pk]

    @pytest.mark.parametrize(("name", "number"), [("old", 1), ("new", 0)])
    def test_it_ends_when_one_of_them_is_given_back_and_no_sooner(self, both, old, new, name, number):
        story = {"old": old, "new": new}[name]
        story.refund(number, utc(2027, 5, 21), minor=1000)
        assert len(replacing.charged_by_both(livemode=False)) == 1
        story.refund(number, utc(2027, 5, 21), refund="2", minor=1500)
        assert replacing.charged_by_both(livemode=False) == []

    def test_quarters_that_only_one_of_them_paid_are_none_of_it(self, old, new):
        new.tell()
        new.paid(0)
        assert replacing.charged_by_both(livemode=False) == []
        assert letter_words.of_payment(Payment.objects.get(pledge__stripe_id="sub_new")).text.count("paid twice") == 0

    @pytest.mark.parametrize(("name", "besides"), [("sub_new", "$25 USD"), ("sub_old", "€25")])
    def test_the_later_letter_of_thanks_tells_of_the_other_payment(self, both, name, besides):
        payment = Payment.objects.filter(pledge__stripe_id=name).latest("succeeded_at")
        words = letter_words.of_payment(payment)
        for text in (words.text, words.html):
            assert f"paid twice for Q3 2027: through your change of currency {besides} was charged" in text
