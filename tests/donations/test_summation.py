"""
The independent summation against figures worked out by hand: the example that readers are told, played at the
stand-in. No ledger is asked, so both sides of the other proofs have been weighed alone.
"""

import copy
import datetime as dt
import uuid
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from antiempire.demo.standin import StandIn
from tests.donations.summation import Summation
from tests.fakestripe.running import KEY

Q2, Q3, Q4 = (2027, 2), (2027, 3), (2027, 4)
PAYS, FAILS_LATER = "4242424242424242", "4000000000000341"


def utc(*moment: int) -> dt.datetime:
    return dt.datetime(*moment, tzinfo=dt.UTC)


class Desk:
    """The stand-in with one pledge of 25 dollars, made on 15 February."""

    def __init__(self, stand_in):
        self.desk = StandIn(stand_in.address, KEY)

    def pledge(self, at=(2027, 2, 15, 10), *, card: str = PAYS, kind: str = "subscription", minor: int = 2500) -> dict:
        self.desk.move_clock(utc(*at))
        asked = {
            "mode": kind,
            "success_url": "http://127.0.0.1/",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "usd",
            "line_items[0][price_data][unit_amount]": str(minor),
            "line_items[0][price_data][product_data][name]": "A pledge",
        }
        words = {"site": "testserver", "intent": str(uuid.uuid4())}
        about = "subscription_data" if kind == "subscription" else "payment_intent_data"
        asked |= {f"{about}[metadata][{name}]": value for name, value in words.items()}
        if kind == "subscription":
            asked |= {
                "line_items[0][price_data][recurring][interval]": "month",
                "line_items[0][price_data][recurring][interval_count]": "3",
            }
        else:
            asked["customer_creation"] = "always"
        session = self.desk.change("checkout/sessions", **asked)["id"]
        self.desk.complete(session, card=card, email="reader@example.org", name="A Reader")
        return self.desk.find(f"checkout/sessions/{session}")

    def charges(self) -> list[str]:
        return [charge["id"] for charge in self.desk.find("charges")["data"] if charge["status"] == "succeeded"]

    def at(self, *moment: int, zone: str = "UTC") -> Summation:
        self.desk.move_clock(utc(*moment))
        return summed(self.desk.see("rows"), utc(*moment), zone)


def summed(rows: dict, now: dt.datetime, zone: str = "UTC") -> Summation:
    return Summation(
        rows, site="testserver", zone=ZoneInfo(zone), now=int(now.timestamp()), rate=lambda currency, day: Fraction(1)
    )


def told(found: Summation, quarter: tuple[int, int]) -> tuple[int, int, int]:
    return found.backers(quarter), found.received[quarter]["USD"], found.promised[quarter]["USD"]


@pytest.fixture
def desk(stand_in) -> Desk:
    return Desk(stand_in)


@pytest.mark.parametrize(
    ("moment", "quarter", "expected"),
    [
        ((2027, 3, 20), Q2, (1, 2500, 0)),
        ((2027, 4, 2), Q3, (1, 0, 2500)),
        ((2027, 5, 14), Q3, (1, 0, 2500)),
        ((2027, 5, 15, 10, 30), Q3, (1, 0, 2500)),
        ((2027, 5, 16), Q3, (1, 2500, 0)),
        ((2027, 8, 16), Q4, (1, 2500, 0)),
    ],
)
def test_the_worked_example(desk, moment, quarter, expected):
    desk.pledge()
    assert told(desk.at(*moment), quarter) == expected


def test_one_that_is_set_to_end_promises_nothing(desk):
    made = desk.pledge()
    desk.at(2027, 5, 1)
    desk.desk.change(f"subscriptions/{made['subscription']}", cancel_at_period_end="true")
    found = desk.at(2027, 5, 2)
    assert told(found, Q3) == (0, 0, 0)
    assert told(found, Q2) == (1, 2500, 0)


def test_a_charge_that_fails_is_promised_while_it_is_tried_again(desk):
    desk.pledge(card=FAILS_LATER)
    assert told(desk.at(2027, 5, 20), Q3) == (1, 0, 2500)


def test_a_gift_counts_for_one_quarter(desk):
    desk.pledge((2027, 3, 20), kind="payment", minor=5000)
    found = desk.at(2027, 4, 2)
    assert told(found, Q2) == (1, 5000, 0)
    assert told(found, Q3) == (0, 0, 0)


def test_what_was_refunded_is_gone(desk):
    desk.pledge()
    desk.desk.do(f"charges/{desk.charges()[0]}/refund", amount=1000)
    assert told(desk.at(2027, 3, 20), Q2) == (1, 1500, 0)
    desk.desk.do(f"charges/{desk.charges()[0]}/refund")
    assert told(desk.at(2027, 3, 21), Q2) == (0, 0, 0)


def test_the_last_evening_of_a_year_is_the_next_in_paris(desk):
    desk.pledge((2026, 12, 31, 23, 30))
    found = desk.at(2027, 12, 30, zone="Europe/Paris")
    assert [found.received[quarter]["USD"] for quarter in (Q2, Q3, Q4, (2028, 1))] == [2500] * 4


def test_other_products_of_the_account_are_left_out(desk):
    desk.pledge()
    rows = desk.desk.see("rows")
    strange = copy.deepcopy(rows)
    for subscription in strange["subscription"]:
        subscription["metadata"]["site"] = "another.example"
    assert told(summed(rows, utc(2027, 3, 1)), Q2) == (1, 2500, 0)
    assert told(summed(strange, utc(2027, 3, 1)), Q2) == (0, 0, 0)
