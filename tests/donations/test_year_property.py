"""
The promise of the ledger, tried on invented years: whatever the order, the repetition and the loss of Stripe's events,
after one reconciliation the figures are those of an independent summation over the stand-in's own rows.

The events are made by the stand-in and posted, signed, through the real URL. `make proof` tries more of them.
"""

import contextlib
import datetime as dt
import io
import uuid

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from donations.models import Payment, StripeEvent
from tests.donations.world import World
from tests.donations.year import ACTS, ASKS, CURRENCIES, DECLINED, FAILS_LATER, PAYS, Part
from tests.fakestripe.running import StandIn, point_site_at
from tests.proof import IS_LONG, examples

pytestmark = pytest.mark.django_db(transaction=True)

YEARS = 4
LOST = 0.2

acts = st.lists(st.tuples(st.integers(1, 300), st.sampled_from(sorted(ACTS))), max_size=3).map(tuple)
parts = st.builds(
    Part,
    hour=st.integers(0, 364 * 24),
    person=st.integers(1, 3),
    currency=st.sampled_from(CURRENCIES),
    minor=st.sampled_from((1000, 1234, 2500, 9999)),
    kind=st.sampled_from(("quarterly", "quarterly", "once")),
    card=st.sampled_from((PAYS, PAYS, PAYS, DECLINED, FAILS_LATER, ASKS)),
    acts=acts,
)
years = st.lists(parts, min_size=1, max_size=5)
bounded = settings(
    max_examples=examples(YEARS),
    deadline=None,
    # A smaller year is worth minutes to somebody who looks for a mistake, not to everybody who runs the tests.
    phases=[phase for phase in Phase if IS_LONG or phase not in (Phase.shrink, Phase.explain)],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# One that holds something of everything, so that each run tries it.
FULL_YEAR = [
    Part(hour=900, person=1, currency="USD", minor=2500, acts=((40, "amount"), (200, "refund in part"))),
    Part(hour=1100, person=1, currency="EUR", minor=1234, card=FAILS_LATER, acts=((97, "card pays"),)),
    Part(hour=1200, person=3, currency="GBP", minor=2500, card=FAILS_LATER, acts=((91, "part"),)),
    Part(hour=1500, person=2, currency="GBP", minor=9999, acts=((30, "dispute lost"), (150, "end"))),
    Part(hour=2300, person=3, currency="CAD", minor=1000, card=ASKS, acts=((92, "answer"),)),
    Part(hour=4001, person=2, currency="AUD", minor=2500, kind="once", acts=((9, "refund"),)),
]


@pytest.fixture
def stand_ins(settings, tmp_path):
    """Starts one stand-in after another, on a site that has its rates and nothing else."""
    settings.AMOUNTS_HIDDEN_BELOW = 0
    call_command("load_sample_rates", stdout=io.StringIO())

    @contextlib.contextmanager
    def start():
        clock_file = tmp_path / f"clock-{uuid.uuid4()}.json"
        with StandIn(clock_file) as running:
            point_site_at(settings, running)
            yield running

    return start


@bounded
@given(year=years, chance=st.randoms(use_true_random=False))
def test_in_any_order_and_repetition_the_figures_are_the_summations(stand_ins, year, chance):
    with World.of(stand_ins, year) as world:
        post = world.events + chance.sample(world.events, len(world.events) // 4)
        chance.shuffle(post)
        world.deliver(post)
        assert world.differences() == []
        assert world.finds_nothing(), world.said.getvalue()


@bounded
@given(year=years, chance=st.randoms(use_true_random=False))
def test_after_losses_one_reconciliation_brings_the_figures_of_the_summation(stand_ins, year, chance):
    with World.of(stand_ins, year) as world:
        post = [event for event in world.events if chance.random() >= LOST]
        chance.shuffle(post)
        world.deliver(post)
        world.repair()
        assert world.differences() == []
        assert world.finds_nothing(), world.said.getvalue()


def test_a_year_with_something_of_everything_is_told_by_its_events_alone(stand_ins):
    with World.of(stand_ins, FULL_YEAR) as world:
        assert not world.year.refused, world.year.refused
        world.deliver(reversed(world.events))
        assert world.differences() == []
        assert StripeEvent.objects.exclude(status__in=["done", "not_ours"]).count() == 0


def test_a_year_of_which_nothing_was_heard_is_taken_up_by_reconciling(stand_ins):
    with World.of(stand_ins, FULL_YEAR) as world:
        assert Payment.objects.count() == 0
        world.repair()
        assert world.differences() == []
        assert world.finds_nothing(), world.said.getvalue()


def test_a_loss_that_nobody_repairs_is_seen(stand_ins):
    """The negative control: without it, two summations that always agree would prove nothing."""
    with World.of(stand_ins, FULL_YEAR) as world:
        world.deliver(event for event in world.events if not about_money(event, dt.date(2027, 6, 1)))
        assert world.differences() != []
        assert not world.finds_nothing()


def about_money(event: dict, since: dt.date) -> bool:
    is_late = dt.datetime.fromtimestamp(event["created"], dt.UTC).date() >= since
    return is_late and event["type"].startswith(("invoice", "charge", "refund", "checkout"))


def test_a_ledger_that_is_wrong_by_a_cent_is_seen(stand_ins):
    with World.of(stand_ins, FULL_YEAR) as world:
        world.repair()
        payment = Payment.objects.first()
        Payment.objects.filter(pk=payment.pk).update(amount_minor=payment.amount_minor + 1)
        assert any(payment.fact_key in difference for difference in world.differences())
