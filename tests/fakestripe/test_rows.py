"""The rows that the operator may see, as the independent summation of the site's proofs reads them."""

from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.donations.summation import Summation
from tests.fakestripe.shopping import Shop
from tests.fakestripe.test_months import epoch


def summed(stand_in) -> Summation:
    return Summation(
        stand_in.see("rows"),
        site="testserver",
        zone=ZoneInfo("UTC"),
        now=stand_in.now(),
        rate=lambda currency, day: Fraction(1),
    )


def test_the_worked_example_comes_out_of_the_rows(stand_in):
    shop = Shop(stand_in)
    stand_in.do("clock", to=epoch("2027-02-15 09:00"))
    subscription = shop.pledge()
    stand_in.do("clock", to=epoch("2027-04-02 09:00"))
    found = summed(stand_in)
    assert (found.backers((2027, 2)), dict(found.received[2027, 2])) == (1, {"USD": 2500})
    assert (found.backers((2027, 3)), dict(found.promised[2027, 3])) == (1, {"USD": 2500})
    shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    assert summed(stand_in).backers((2027, 3)) == 0
    assert summed(stand_in).backers((2027, 2)) == 1


def test_a_failed_renewal_is_promised_until_the_attempts_are_over(stand_in):
    shop = Shop(stand_in)
    stand_in.do("clock", to=epoch("2027-02-15 09:00"))
    shop.pledge(card="4000000000000341")
    stand_in.do("clock", to=epoch("2027-05-29 09:00"))
    assert dict(summed(stand_in).promised[2027, 3]) == {"USD": 2500}
    stand_in.do("clock", to=epoch("2027-05-31 09:00"))
    assert dict(summed(stand_in).promised[2027, 3]) == {}


def test_money_that_went_back_is_not_received(stand_in):
    shop = Shop(stand_in)
    stand_in.do("clock", to=epoch("2027-02-15 09:00"))
    part, lost = shop.gift(), shop.gift(email="other@example.org")
    shop.api.refunds.create({"charge": part.id, "amount": 1000})
    made = stand_in.do(f"charges/{lost.id}/dispute", reason="fraudulent")
    stand_in.do(f"disputes/{made['id']}/close", outcome="lost")
    found = summed(stand_in)
    assert dict(found.received[2027, 2]) == {"USD": 4000}
    assert found.backers((2027, 2)) == 1
