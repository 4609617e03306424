"""The load's record of the ledger: each committed state, the shortest too, and none that was taken back."""

import datetime as dt

import pytest
import time_machine
from django.db import connection, transaction

from benchmarks.load import history
from donations.models import Contribution
from donations.quarters import Quarter
from tests.donations.stripe_facts import charge_of, gift, take_back

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="its record is kept by a trigger of PostgreSQL"),
]
AT = dt.datetime(2027, 2, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def moment():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def kept():
    history.keep()
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER load_keep ON {history.TABLE}; DROP FUNCTION load_keep; DROP TABLE load_history")


def sentences() -> list[str]:
    return [each.sentence.removeprefix("So far ") for each in history.truths()]


def test_a_gift_that_is_refunded_at_once_stood_for_a_moment(settings, kept):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    payment = gift(AT)
    take_back(charge_of(payment), AT)
    assert sentences() == [
        "nobody is backing the next quarter.",
        "1 of you is backing the next quarter with $50.",
        "nobody is backing the next quarter.",
    ]
    times = [each.at for each in history.truths()]
    assert times == sorted(times)


def test_what_was_never_committed_is_not_told(settings, kept):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    with transaction.atomic():
        gift(AT, name="lost")
        transaction.set_rollback(True)
    gift(AT, name="kept", minor=1000)
    assert sentences() == [
        "nobody is backing the next quarter.",
        "1 of you is backing the next quarter with $10.",
    ]


def test_looking_back_leaves_the_ledger_as_it_was(kept):
    gift(AT)
    take_back(charge_of(gift(AT, name="other", email="other@example.org")), AT)
    before = list(Contribution.objects.order_by("pk").values())
    assert [row["quarter"] for row in before] == [Quarter(2027, 2)] * 2
    assert len(history.truths()) == 4
    assert list(Contribution.objects.order_by("pk").values()) == before
