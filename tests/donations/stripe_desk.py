"""
The two places where a pledge can be made and time be passed: the stand-in, and Stripe's own test mode with a key. The
scenarios say the same to both. Checkout's page cannot be filled by a program at Stripe: there what Checkout would have
made is made directly, with the same words in its metadata, on a test clock.
"""

import datetime as dt
import json
import time
import uuid

import stripe
from django.conf import settings

from antiempire.demo.standin import StandIn
from donations import checkout
from donations.models import Intent
from donations.money import Money
from donations.stripe_gateway import API_VERSION
from donations.stripe_gateway.writing import product_id
from foundation import clock

CLOCK_PATIENCE_SECONDS = 180


class StandInDesk:
    """Cards by the numbers that Stripe's documentation gives them."""

    cards = {"pays": "4242424242424242", "fails later": "4000000000000341"}

    def __init__(self, address: str, key: str):
        self.stand_in = StandIn(address, key)

    def pledge(self, money: Money, card: str = "pays") -> str:
        """The subscription's id."""
        return self._complete("quarterly", money, card)["subscription"]

    def gift(self, money: Money) -> str:
        """The payment intent's id."""
        return self._complete("once", money, "pays")["payment_intent"]

    def pass_days(self, days: int) -> None:
        self.stand_in.do("clock", advance=days * 86400)

    def _complete(self, kind: str, money: Money, card: str) -> dict:
        intent_id = uuid.uuid4()
        checkout.start_pledge(intent_id=intent_id, kind=kind, money=money)
        session = Intent.objects.get(pk=intent_id).session_id
        self.stand_in.complete(session, card=self.cards[card], email="scenario@example.org", name="A Scenario")
        return self.stand_in.find(f"checkout/sessions/{session}")


class TestModeDesk:
    """Everything it makes hangs on one test clock, which takes it along when it is removed."""

    __test__ = False
    cards = {"pays": "pm_card_visa", "fails later": "pm_card_chargeCustomerFail"}

    def __init__(self, key: str, clock_file):
        self.v1 = stripe.StripeClient(key, stripe_version=API_VERSION, max_network_retries=2).v1
        self.clock_file = clock_file
        self.clock = self.v1.test_helpers.test_clocks.create({"frozen_time": int(time.time())})
        self._follow()

    def close(self) -> None:
        self.v1.test_helpers.test_clocks.delete(self.clock.id)

    def pledge(self, money: Money, card: str = "pays") -> str:
        customer, words = self._customer("pays"), self._words("quarterly", money)
        self._make_product()
        price = {
            "currency": money.currency.lower(),
            "unit_amount": money.minor,
            "product": product_id(),
            "recurring": {"interval": "month", "interval_count": 3},
        }
        made = self.v1.subscriptions.create(
            {"customer": customer, "items": [{"price_data": price}], "metadata": words, "off_session": True}
        )
        if card != "pays":
            self._attach(customer, card)
        return made.id

    def gift(self, money: Money) -> str:
        """Payment intents know no test clock of their own: only the customer hangs on it."""
        made = self.v1.payment_intents.create(
            {
                "amount": money.minor,
                "currency": money.currency.lower(),
                "customer": self._customer("pays"),
                "payment_method": "pm_card_visa",
                "confirm": True,
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                "metadata": self._words("once", money),
            }
        )
        return made.id

    def pass_days(self, days: int) -> None:
        moment = self.clock.frozen_time + days * 86400
        self.v1.test_helpers.test_clocks.advance(self.clock.id, {"frozen_time": moment})
        patience_ends = time.monotonic() + CLOCK_PATIENCE_SECONDS
        while True:
            self.clock = self.v1.test_helpers.test_clocks.retrieve(self.clock.id)
            if self.clock.status == "ready":
                break
            assert time.monotonic() < patience_ends, "the test clock did not arrive"
            time.sleep(2)
        self._follow()

    def _follow(self) -> None:
        """The site's clock is the test clock's."""
        self.clock_file.write_text(json.dumps(self.clock.frozen_time - int(time.time())))

    def _customer(self, card: str) -> str:
        made = self.v1.customers.create(
            {"email": "scenario@example.org", "name": "A Scenario", "test_clock": self.clock.id}
        )
        self._attach(made.id, card)
        return made.id

    def _attach(self, customer: str, card: str) -> None:
        method = self.v1.payment_methods.attach(self.cards[card], {"customer": customer})
        self.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method.id}})

    def _words(self, kind: str, money: Money) -> dict[str, str]:
        intent = Intent.objects.create(
            livemode=False,
            kind=kind,
            currency=money.currency,
            amount_minor=money.minor,
            created_at=clock.now() - dt.timedelta(minutes=1),
        )
        return {"site": settings.STRIPE_SITE, "intent": str(intent.pk)}

    def _make_product(self) -> None:
        try:
            self.v1.products.create({"id": product_id(), "name": "Scenarios"})
        except stripe.InvalidRequestError as error:
            if error.code != "resource_already_exists":
                raise
