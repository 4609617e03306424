"""A shop for tests of the stand-in: what the site would ask for by Stripe's SDK, and what its shoppers then do."""

import stripe

from tests.fakestripe.running import KEY, StandIn

PRODUCT = "pledge_testserver"
QUARTERLY = {"interval": "month", "interval_count": 3}


class Shop:
    def __init__(self, stand_in: StandIn, retries: int = 0):
        self.stand_in = stand_in
        self.http = stripe.RequestsClient(timeout=10)
        self.api = stripe.StripeClient(
            KEY, base_addresses={"api": stand_in.address}, max_network_retries=retries, http_client=self.http
        ).v1

    def product(self) -> str:
        try:
            return self.api.products.retrieve(PRODUCT).id
        except stripe.InvalidRequestError:
            return self.api.products.create({"id": PRODUCT, "name": "Pledge"}).id

    def line(self, minor: int = 2500, currency: str = "usd", recurring: dict | None = None) -> dict:
        data = {"currency": currency, "unit_amount": minor, "product": self.product()}
        return {"price_data": {**data, **({"recurring": recurring} if recurring else {})}, "quantity": 1}

    def pledge_session(self, minor: int = 2500, currency: str = "usd", data: dict | None = None, **more):
        return self.api.checkout.sessions.create(
            {
                "mode": "subscription",
                "success_url": "http://testserver/thanks?session={CHECKOUT_SESSION_ID}",
                "line_items": [self.line(minor, currency, QUARTERLY)],
                "subscription_data": {"metadata": {"site": "testserver"}, **(data or {})},
                **more,
            }
        )

    def gift_session(self, minor: int = 5000, currency: str = "usd", **more):
        return self.api.checkout.sessions.create(
            {
                "mode": "payment",
                "success_url": "http://testserver/thanks",
                "line_items": [self.line(minor, currency)],
                "customer_creation": "always",
                "payment_intent_data": {"metadata": {"site": "testserver"}},
                **more,
            }
        )

    def complete(self, session, card: str = "4242424242424242", email: str = "reader@example.org", **more):
        self.stand_in.do(f"checkout/{session.id}/complete", card=card, email=email, name="Reader", **more)
        return self.api.checkout.sessions.retrieve(session.id)

    def pledge(self, card: str = "4242424242424242", email: str = "reader@example.org", **more):
        """A subscription whose first charge was paid."""
        session = self.complete(self.pledge_session(**more), card, email)
        return self.api.subscriptions.retrieve(session.subscription)

    def gift(self, card: str = "4242424242424242", email: str = "reader@example.org", **more):
        """The charge of a gift."""
        session = self.complete(self.gift_session(**more), card, email)
        intent = self.api.payment_intents.retrieve(session.payment_intent, {"expand": ["latest_charge"]})
        return intent.latest_charge

    def again(self, subscription):
        return self.api.subscriptions.retrieve(subscription.id)

    def invoices(self, subscription) -> list:
        """The oldest first."""
        return self.api.invoices.list({"subscription": subscription.id, "limit": 100}).data[::-1]

    def charges(self, customer: str) -> list:
        return self.api.charges.list({"customer": customer, "limit": 100}).data[::-1]

    def event_types(self, since: int = 0) -> list[str]:
        return [event["type"] for event in self.stand_in.see("events")[since:]]

    def event_count(self) -> int:
        return len(self.stand_in.see("events"))
