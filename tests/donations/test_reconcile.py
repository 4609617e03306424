"""Lost news and planted errors: reconciliation finds each, repairs what can be repaired, and then finds nothing."""

import datetime as dt
import io
import uuid

import pytest
from django.core.management import CommandError, call_command

from donations import offline, reconcile, stripe_gateway
from donations.models import (
    Adjustment,
    Backer,
    BackerKey,
    Contribution,
    Customer,
    Intent,
    Invoice,
    Payment,
    Pledge,
    StripeEvent,
)
from donations.money import Money
from foundation import clock
from foundation.models import Letter
from tests.donations.stripe_path import FAILS_LATER, Path, figures, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


def told(*options: str) -> tuple[int, str]:
    """The command's exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command("reconcile_stripe", "--from=2027-01-01", *options, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def repairs(about: str, word: str) -> None:
    """Finds this one without touching it, repairs it, and then finds nothing."""
    before = written()
    code, text = told()
    assert (code, about in text, word in text) == (1, True, True), text
    assert written() == before
    assert told("--apply")[0] == 1
    assert told() == (0, "0 differences found, 0 repaired.\n")


def test_with_nothing_amiss_it_says_so(path):
    path.pledge()
    path.gift()
    path.go_on(days=100)
    path.settle()
    assert told() == (0, "0 differences found, 0 repaired.\n")


def test_a_year_of_which_no_event_arrived_is_made_good(path):
    sessions = [path.pay(path.ask(), email="1@example.org")]
    sessions.append(path.pay(path.ask(currency="EUR"), FAILS_LATER, email="2@example.org"))
    sessions.append(path.pay(path.ask(), email="3@example.org"))
    path.pay(path.ask("once", 5000), email="1@example.org ")
    path.go_on(days=100)
    path.stand_in.do(f"subscriptions/{sessions[2]['subscription']}/cancel")
    path.stand_in.do(f"charges/{path.rows('charge')[0]['id']}/refund", amount=300)
    path.go_on(days=100)
    assert not Payment.objects.exists()
    told("--apply")
    assert told() == (0, "0 differences found, 0 repaired.\n")
    by_lists = written()
    path.settle()
    assert written()["payments"] == by_lists["payments"]
    assert written()["contributions"] == by_lists["contributions"]
    assert Payment.objects.count() == len([row for row in path.rows("charge") if row["status"] == "succeeded"])
    assert Backer.objects.count() == 3


def test_a_pledge_that_was_lost(path):
    pledge = path.pledge()
    lose_pledges()
    repairs(pledge.stripe_id, "not known here")
    assert figures(2027, 2) == (1, {"USD": 2500}, {})


def lose_pledges() -> None:
    for model in (Contribution, Payment, Invoice, Pledge):
        model.objects.all().delete()
    Intent.objects.update(status="open", completed_at=None)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"status": "canceled"}, "status is canceled here and active at Stripe"),
        ({"amount_minor": 9}, "amount_minor is 9 here and 2500 at Stripe"),
        ({"next_charge_at": None}, "next_charge_at is nothing here"),
        ({"is_paused": True}, "is_paused is True here"),
        ({"item_id": "si_x"}, "item_id"),
    ],
)
def test_a_pledge_that_is_told_of_otherwise(path, changes, word):
    pledge = path.pledge()
    Pledge.objects.update(**changes)
    repairs(pledge.stripe_id, word)


def test_a_pledge_that_ended_unheard_of_before_the_period(path):
    pledge = path.pledge()
    path.go_on(days=300)
    path.settle()
    stripe_gateway.cancel_now(pledge)
    code, text = told(f"--from={clock.now().date() - dt.timedelta(days=10)}", "--apply")
    assert (code, f"{pledge.stripe_id}: status is active here and canceled at Stripe" in text) == (1, True)
    pledge.refresh_from_db()
    assert pledge.status == "canceled"


def test_a_charge_of_a_pledge_that_was_lost(path):
    path.pledge()
    invoice = Invoice.objects.get()
    for model in (Contribution, Payment, Invoice):
        model.objects.all().delete()
    repairs(invoice.stripe_id, "not known here")
    assert figures(2027, 2) == (1, {"USD": 2500}, {})


def test_a_payment_of_a_charge_that_was_lost(path):
    path.pledge()
    Contribution.objects.all().delete()
    Payment.objects.all().delete()
    repairs(Invoice.objects.get().stripe_id, "a payment of it is not in the ledger")
    assert figures(2027, 2) == (1, {"USD": 2500}, {})


def test_a_charge_that_is_told_of_otherwise(path):
    path.pledge(FAILS_LATER)
    path.go_on(days=90)
    path.settle()
    Invoice.objects.filter(status="open").update(next_attempt_at=None)
    repairs(Invoice.objects.get(status="open").stripe_id, "next_attempt_at is nothing here")


def test_a_gift_that_was_lost(path):
    payment = path.gift()
    Contribution.objects.all().delete()
    Payment.objects.all().delete()
    repairs(payment.fact_key, "is a gift at Stripe, and not in the ledger")


def test_a_refund_that_was_lost(path):
    payment = path.gift()
    refund = path.stand_in.do(f"charges/{payment.fact_key}/refund", amount=500)
    path.settle()
    Adjustment.objects.all().delete()
    repairs(refund["id"], "is a refund at Stripe (succeeded), and not in the ledger")
    assert figures(2027, 2) == (1, {"USD": 2000}, {})


def test_a_refund_that_failed_unheard_of(path):
    payment = path.gift()
    refund = path.stand_in.do(f"charges/{payment.fact_key}/refund")
    path.settle()
    path.stand_in.do(f"refunds/{refund['id']}/fail")
    repairs(refund["id"], "status is succeeded here and failed at Stripe")
    assert figures(2027, 2) == (1, {"USD": 2500}, {})


def test_a_dispute_that_was_lost_unheard_of_ends_the_pledge(path):
    pledge = path.pledge()
    dispute = path.stand_in.do(f"charges/{Payment.objects.get().fact_key}/dispute", reason="fraudulent")
    path.settle()
    path.stand_in.do(f"disputes/{dispute['id']}/close", outcome="lost")
    repairs(dispute["id"], "and lost at Stripe")
    pledge.refresh_from_db()
    assert (pledge.status, figures(2027, 2)) == ("canceled", (0, {}, {}))


def test_a_warning_that_was_lost(path):
    payment = path.gift()
    path.stand_in.do(f"charges/{payment.fact_key}/warn")
    repairs(payment.fact_key, "was warned of for fraud")


def test_a_fee_that_came_later(path):
    payment = path.gift()
    Payment.objects.update(settled_minor=None, settled_currency="", fee_minor=None)
    repairs(payment.fact_key, "its fee is not noted here")


def test_an_event_that_was_not_delivered_is_taken_in(path):
    path.stand_in.do("faults", drop=1.0)
    path.pay(path.ask("once"))
    path.settle()
    assert StripeEvent.objects.count() == 0
    code, text = told("--apply")
    assert code == 1
    assert "(checkout.session.completed of" in text
    assert set(StripeEvent.objects.values_list("status", flat=True)) == {"done"}
    assert told()[0] == 0


@pytest.mark.parametrize(
    ("plant", "word"),
    [
        (lambda: Payment.objects.update(amount_minor=9), "is 9 USD here and 2500 USD at Stripe"),
        (lambda: Payment.objects.update(fact_key="ch_invented"), "is a payment here, and Stripe does not know it"),
        (lambda: Pledge.objects.update(stripe_id="sub_invented"), "is a pledge here, and Stripe does not know it"),
        (
            lambda: Adjustment.objects.create(
                fact_key="re_invented",
                payment=Payment.objects.get(),
                kind="refund",
                status="succeeded",
                takes_back=True,
                amount_minor=5,
                occurred_at=clock.now(),
                fetched_at=clock.real_now(),
                recorded_at=clock.now(),
            ),
            "is a refund here, and Stripe does not know it",
        ),
    ],
)
def test_what_only_a_person_can_put_right_is_found_every_time(path, plant, word):
    path.pledge()
    plant()
    for _time in range(2):
        code, text = told("--apply")
        assert code == 1
        assert word in text
    assert "a person has to look at it" in text


def test_what_the_ledger_refuses_is_told_and_holds_nothing_up(path):
    intent = path.ask(minor=2500)
    path.pay(intent)
    Intent.objects.update(amount_minor=9)
    code, text = told("--apply")
    assert code == 1  # the events that were not delivered were taken in, and set apart
    code, text = told("--apply")
    assert code == 0
    assert "refused: it is about $25 USD, and $0.09 USD was asked for" in text
    assert "1 refused" in text
    assert not Pledge.objects.exists()


def test_other_products_of_the_account_are_no_difference(path, settings):
    settings.STRIPE_SITE = "another.example"
    path.pay(path.ask())
    path.pay(path.ask("once"))
    path.go_on(days=100)
    settings.STRIPE_SITE = "testserver"
    Intent.objects.all().delete()
    told("--apply")  # takes the events in, which are not ours
    assert told() == (0, "0 differences found, 0 repaired.\n")
    assert not Payment.objects.exists()


def test_history_from_before_this_database_is_adopted_only_when_told_to(path):
    path.pledge(minor=2500)
    path.gift(minor=5000, email="other@example.org")
    path.go_on(days=100)
    path.settle()
    expected = figures(2027, 2), figures(2027, 3), figures(2027, 4)
    forget_everything()
    code, text = told("--apply")
    assert code == 1
    assert "--adopt-unknown takes it in" in text
    assert not Payment.objects.exists()
    before = Letter.objects.count()
    assert told("--adopt-unknown")[0] == 1
    assert not Payment.objects.exists()  # it only tells
    assert told("--apply", "--adopt-unknown")[0] == 1
    assert (figures(2027, 2), figures(2027, 3), figures(2027, 4)) == expected
    assert Letter.objects.count() == before  # nobody is thanked for what was long ago
    assert told() == (0, "0 differences found, 0 repaired.\n")
    path.go_on(days=92)  # and what comes after it is no history
    path.settle()
    assert figures(2027, 4) == (1, {"USD": 2500}, {})


def forget_everything() -> None:
    models = (Contribution, Adjustment, Payment, Invoice, Pledge, Intent, Customer, BackerKey, Backer, StripeEvent)
    for model in models:
        model.objects.all().delete()


def test_a_stripe_that_is_down_is_told_apart_from_differences(path):
    path.stand_in.do("faults", status=500)
    with pytest.raises(CommandError) as ended:
        call_command("reconcile_stripe")
    assert ended.value.returncode == 2


def test_news_on_its_way_is_no_lasting_difference(path):
    path.pay(path.ask("once"))
    assert reconcile.run().found
    assert reconcile.lasting(pause=path.settle) == []
    path.pay(path.ask("once", minor=4000))
    assert reconcile.lasting(pause=lambda: None) != []


def test_repairing_writes_the_same_as_hearing(path):
    path.pledge(minor=2500)
    path.go_on(days=100)
    path.settle()
    heard = written()
    lose_pledges()
    told("--apply")
    assert written() == heard


def test_an_offline_gift_and_its_return_are_no_difference(path):
    path.pledge()
    backer, day = Backer.objects.get(), dt.date(2027, 2, 14)
    gift = offline.record_offline_gift(backer=backer, money=Money(500, "USD"), received_on=day, method="bank")
    offline.give_back(gift, Money(100, "USD"), returned_on=day, reason="", key=uuid.uuid4())
    assert told() == (0, "0 differences found, 0 repaired.\n")


def test_a_period_that_ends_before_it_begins_is_refused(path):
    """It would find nothing, and say so as if all were well."""
    with pytest.raises(CommandError, match="nothing lies between") as refusal:
        call_command("reconcile_stripe", "--from=2027-02-10", "--until=2027-02-09")
    assert refusal.value.returncode == 2
    call_command("reconcile_stripe", "--from=2027-02-10", "--until=2027-02-10", stdout=io.StringIO())
