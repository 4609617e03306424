"""
What a pledge goes through, told to the stand-in on every run, and to Stripe's own test mode with `-m stripe` when
STRIPE_TEST_KEY is set. The site hears of everything by reconciling.
"""

import contextlib
import io
import os

import pytest
from django.core.management import CommandError, call_command

from donations import stripe_gateway, tally
from donations.models import Payment, Pledge
from donations.money import Money
from foundation import clock
from tests.donations.stripe_desk import StandInDesk, TestModeDesk
from tests.fakestripe.running import KEY

# Transactions that are real: the gateway is never called inside one.
pytestmark = pytest.mark.django_db(transaction=True)

TEST_KEY = os.environ.get("STRIPE_TEST_KEY", "")
QUARTER = 93  # days, so that a quarter's charge is made and past its hour as a draft


@pytest.fixture
def at_the_stand_in(stand_in):
    return StandInDesk(stand_in.address, KEY)


@pytest.fixture
def at_stripe(settings, tmp_path):
    if not TEST_KEY.startswith(("sk_test_", "rk_test_")):
        pytest.skip("STRIPE_TEST_KEY holds no key of Stripe's test mode")
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = TEST_KEY, ""
    settings.STRIPE_WEBHOOK_SECRETS, settings.STRIPE_SITE = ["whsec_unused"], "antiempire-scenarios"
    settings.DEMO_CLOCK_FILE = str(tmp_path / "clock.json")
    desk = TestModeDesk(TEST_KEY, tmp_path / "clock.json")
    yield desk
    desk.close()


@pytest.fixture(
    params=[
        "at_the_stand_in",
        pytest.param("at_stripe", marks=[pytest.mark.stripe, pytest.mark.enable_socket]),
    ]
)
def desk(request, settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    return request.getfixturevalue(request.param)


def take_up() -> None:
    """As on the first start of a site with a history. The exit code tells that there was something to take up."""
    began_on = clock.real_now().date().replace(day=1).isoformat()
    with contextlib.suppress(CommandError):
        call_command("reconcile_stripe", "--from", began_on, "--apply", stdout=io.StringIO())


def backing(quarters_later: int = 0) -> tuple[int, str, str]:
    """Of the quarter that the first payment backs, or one after it: whatever day the tests are run on."""
    first = Payment.objects.order_by("succeeded_at").first().quarter
    found = tally.for_quarter(first.plus(quarters_later))
    return found.backers, str(found.received), str(found.promised)


def payment_of(pledge_id: str) -> Payment:
    return Payment.objects.get(pledge__stripe_id=pledge_id)


def test_a_pledge_backs_the_next_quarter_and_is_charged_again_in_it(desk):
    pledge_id = desk.pledge(Money(2500, "USD"))
    take_up()
    assert backing() == (1, "$25", "$0")
    assert backing(1) == (1, "$0", "$25")
    desk.pass_days(QUARTER)
    take_up()
    assert Payment.objects.filter(pledge__stripe_id=pledge_id).count() == 2
    assert backing(1) == (1, "$25", "$0")


def test_a_gift_backs_one_quarter(desk):
    desk.gift(Money(5000, "USD"))
    take_up()
    assert backing() == (1, "$50", "$0")
    assert backing(1) == (0, "$0", "$0")


def test_a_refund_leaves_the_sentence(desk):
    pledge_id = desk.pledge(Money(2500, "USD"))
    take_up()
    stripe_gateway.refund(payment_of(pledge_id), Money(2500, "USD"), f"scenario-{pledge_id}")
    take_up()
    assert backing()[1] == "$0"


def test_a_pledge_that_ends_is_not_charged_again(desk):
    pledge_id = desk.pledge(Money(2500, "USD"))
    take_up()
    stripe_gateway.cancel_at_period_end(Pledge.objects.get(stripe_id=pledge_id))
    desk.pass_days(QUARTER)
    take_up()
    assert Payment.objects.filter(pledge__stripe_id=pledge_id).count() == 1
    assert backing(1) == (0, "$0", "$0")


def test_another_amount_holds_from_the_next_charge_on(desk):
    pledge_id = desk.pledge(Money(2500, "USD"))
    take_up()
    stripe_gateway.change_amount(Pledge.objects.get(stripe_id=pledge_id), Money(4000, "USD"))
    desk.pass_days(QUARTER)
    take_up()
    amounts = Payment.objects.filter(pledge__stripe_id=pledge_id).order_by("succeeded_at")
    assert [payment.amount_minor for payment in amounts] == [2500, 4000]


def test_a_pause_lets_a_charge_pass_by(desk):
    pledge_id = desk.pledge(Money(2500, "USD"))
    take_up()
    stripe_gateway.pause(Pledge.objects.get(stripe_id=pledge_id))
    desk.pass_days(QUARTER)
    take_up()
    assert Payment.objects.filter(pledge__stripe_id=pledge_id).count() == 1
    assert backing(1)[0] == 0


def test_a_charge_that_fails_is_promised_while_it_is_tried_again(desk):
    pledge_id = desk.pledge(Money(2500, "USD"), card="fails later")
    desk.pass_days(QUARTER)
    take_up()
    pledge = Pledge.objects.get(stripe_id=pledge_id)
    assert pledge.status == Pledge.Status.PAST_DUE
    assert backing(1) == (1, "$0", "$25")
