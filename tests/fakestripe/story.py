"""
A year in which everything happens that the stand-in can play, told through the real SDK and the operator's addresses.
`test_contract_kept.py` holds whatever was said meanwhile to the contract.
"""

import contextlib

import stripe

from tests.fakestripe.running import Refusal

PAYS = "4242424242424242"
FAILS_LATER = "4000000000000341"
ASKS = "4000002760003184"
DISPUTED = "4000000000000259"
REFUND_FAILS = "4000000000005126"
REFUND_WAITS = "4000000000007726"
DECLINED = "4000000000000002"
DAY = 86400
SITE = "http://127.0.0.1:8000"
EXPANDED = ["line_items", "subscription", "payment_intent.latest_charge.balance_transaction", "customer", "invoice"]


class Year:
    def __init__(self, api: stripe.StripeClient, stand_in):
        self.api, self.stand_in = api.v1, stand_in

    def play(self) -> None:
        self.catalogue()
        self.pledges()
        self.gifts()
        self.portal()
        self.quarters()
        self.back()
        self.look()
        self.refusals()

    def session(self, mode="subscription", currency="eur", minor=2500, **more):
        price = {"currency": currency, "product": self.product.id, "unit_amount": minor}
        if mode == "subscription":
            price["recurring"] = {"interval": "month", "interval_count": 3}
            more.setdefault("subscription_data", {"metadata": {"site": "antiempire", "pledge": "1"}})
        else:
            more.setdefault("payment_intent_data", {"metadata": {"site": "antiempire"}})
            more.setdefault("customer_creation", "always")
        return self.api.checkout.sessions.create(
            {
                "mode": mode,
                "line_items": [{"price_data": price, "quantity": 1}],
                "success_url": f"{SITE}/thanks?session={{CHECKOUT_SESSION_ID}}",
                "cancel_url": f"{SITE}/support/",
                "adaptive_pricing": {"enabled": False},
                "metadata": {"site": "antiempire"},
                **more,
            }
        )

    def completed(self, card=PAYS, email="reader@example.org", debit=False, **session):
        made = self.session(**session)
        self.stand_in.do(f"checkout/{made.id}/complete", card=card, email=email, name="A Reader", debit=debit)
        return self.api.checkout.sessions.retrieve(made.id, {"expand": EXPANDED})

    def pledge(self, **session):
        return self.api.subscriptions.retrieve(self.completed(**session).subscription.id)

    def catalogue(self) -> None:
        self.product = self.api.products.create({"name": "A quarter", "metadata": {"site": "antiempire"}})
        self.api.products.update(self.product.id, {"description": "Paid by its readers"})
        self.api.prices.create({"currency": "usd", "unit_amount": 500, "product": self.product.id})
        self.known = self.api.customers.create({"email": "known@example.org", "name": "Known"})
        self.api.customers.update(self.known.id, {"metadata": {"backer": "1"}})

    def pledges(self) -> None:
        self.good = self.pledge()
        self.lasting = self.pledge(currency="usd", email="lasting@example.org")
        self.failing = self.pledge(card=FAILS_LATER, email="failing@example.org")
        self.asking = self.pledge(card=ASKS, email="asking@example.org")
        self.waiting = self.pledge(card=ASKS, email="waiting@example.org")
        self.debit = self.completed(card="", debit=True, email="debit@example.org")
        self.bounced = self.completed(card=DECLINED, debit=True, email="bounced@example.org")
        trial = {"trial_end": self.stand_in.see("clock")["now"] + 20 * DAY, "metadata": {"site": "antiempire"}}
        self.trial = self.completed(email="trial@example.org", subscription_data=trial)
        self.paused = self.pledge(email="paused@example.org")
        self.ending = self.pledge(email="ending@example.org")
        self.cancelled = self.pledge(email="cancelled@example.org")

    def gifts(self) -> None:
        self.gift = self.completed(mode="payment", currency="gbp")
        self.disputed = self.completed(mode="payment", card=DISPUTED, currency="cad", email="disputed@example.org")
        self.debit_gift = self.completed(mode="payment", card="", debit=True, email="slow@example.org")
        self.bounced_gift = self.completed(mode="payment", card=DECLINED, debit=True, email="bounced2@example.org")
        self.strange = self.completed(mode="payment", card=REFUND_FAILS, currency="aud", email="strange@example.org")
        self.slow = self.completed(mode="payment", card=REFUND_WAITS, email="slow2@example.org")
        self.yen = self.completed(
            mode="payment", currency="jpy", minor=3000, customer=self.known.id, customer_creation=None
        )
        self.session()  # is left open and expires
        self.api.checkout.sessions.expire(self.session(mode="payment").id)
        declined = self.session(mode="payment")
        with contextlib.suppress(Refusal):  # the card is declined
            self.stand_in.do(f"checkout/{declined.id}/complete", card=DECLINED, email="x@example.org", name="X")

    def portal(self) -> None:
        features = {
            "payment_method_update": {"enabled": True},
            "customer_update": {"enabled": True, "allowed_updates": ["address", "name"]},
            "invoice_history": {"enabled": True},
        }
        made = self.api.billing_portal.configurations.create({"features": features})
        asked = {"customer": self.good.customer, "return_url": f"{SITE}/support/manage/"}
        self.api.billing_portal.sessions.create({**asked, "configuration": made.id})
        after = {"type": "redirect", "redirect": {"return_url": f"{SITE}/support/manage/"}}
        flow = {"type": "payment_method_update", "after_completion": after}
        self.api.billing_portal.sessions.create({**asked, "flow_data": flow})
        self.api.billing_portal.configurations.list()
        self.api.billing_portal.configurations.retrieve(made.id)
        self.api.billing_portal.configurations.update(made.id, {"features": {"invoice_history": {"enabled": True}}})
        self.stand_in.do(f"customers/{self.good.customer}/card", card="5555555555554444")

    def quarters(self) -> None:
        subscriptions = self.api.subscriptions
        item = self.good["items"].data[0]
        price = {
            "currency": "eur",
            "product": self.product.id,
            "recurring": {"interval": "month", "interval_count": 3},
            "unit_amount": 4000,
        }
        subscriptions.update(
            self.good.id, {"items": [{"id": item.id, "price_data": price}], "proration_behavior": "none"}
        )
        subscriptions.update(self.paused.id, {"pause_collection": {"behavior": "void"}})
        subscriptions.update(self.ending.id, {"cancel_at_period_end": True})
        self._advance(5 * DAY)  # debits arrive or bounce, sessions expire
        subscriptions.cancel(self.cancelled.id)
        self._advance(90 * DAY)  # the first renewals
        asked = self.newest_invoice(self.asking)
        self.stand_in.do(f"invoices/{asked.id}/authenticate", ok=True)
        self.stand_in.do(f"invoices/{self.newest_invoice(self.waiting).id}/authenticate", ok=False)
        subscriptions.update(self.paused.id, {"pause_collection": ""})
        self._advance(10 * DAY)
        failed = self.newest_invoice(self.failing)
        with contextlib.suppress(stripe.CardError):
            self.api.invoices.pay(failed.id)
        self._advance(30 * DAY)  # no attempt is left
        self.api.invoices.void_invoice(failed.id)
        subscriptions.cancel(self.failing.id)
        self.api.invoices.mark_uncollectible(self.newest_invoice(self.waiting).id)
        self._advance_to_a_draft()
        self._advance(60 * DAY)

    def _advance_to_a_draft(self) -> None:
        """Stops within the hour between an invoice and its charge, and ends the waiting for one of them."""
        renewal = self.api.subscriptions.retrieve(self.lasting.id)["items"].data[0].current_period_end
        self.stand_in.do("clock", to=renewal + 60)
        draft = self.newest_invoice(self.lasting)
        self.stand_in.see("rows")
        self.draft_was_seen = draft.status == "draft"
        self.api.invoices.finalize_invoice(draft.id)

    def back(self) -> None:
        refunds = self.api.refunds
        charge = self._charge_of(self.gift)
        refunds.create({"charge": charge, "amount": 500, "reason": "requested_by_customer"})
        refunds.create({"charge": charge, "metadata": {"why": "asked"}})
        refunds.create({"charge": self._charge_of(self.strange)})
        waits = refunds.create({"charge": self._charge_of(self.slow)})
        self.stand_in.do(f"charges/{self._charge_of(self.yen)}/refund", amount=1000)
        self.stand_in.do(f"refunds/{waits.id}/fail")
        self._advance(10 * DAY)
        for dispute in self.api.disputes.list({"charge": self._charge_of(self.disputed)}).data:
            self.stand_in.do(f"disputes/{dispute.id}/close", outcome="lost")
        charge = self._charge_of(self.debit_gift)
        opened = self.stand_in.do(f"charges/{charge}/dispute", reason="general")
        self.stand_in.do(f"disputes/{opened['id']}/close", outcome="won")
        self.stand_in.do(f"charges/{self._charge_of(self.yen)}/warn")
        self.stand_in.do(f"charges/{self._charge_of(self.yen)}/dispute", reason="fraudulent", amount=1000)
        self.api.customers.delete(self.known.id)

    def look(self) -> None:
        api = self.api
        for service in (
            api.customers,
            api.products,
            api.prices,
            api.checkout.sessions,
            api.invoices,
            api.invoice_payments,
            api.payment_intents,
            api.charges,
            api.balance_transactions,
            api.refunds,
            api.disputes,
            api.radar.early_fraud_warnings,
        ):
            listed = service.list({"limit": 3})
            if hasattr(service, "retrieve"):
                service.retrieve(listed.data[0].id)
        api.subscriptions.list({"status": "all", "limit": 100, "expand": ["data.latest_invoice.payments"]})
        api.subscriptions.list({"customer": self.good.customer, "created": {"gte": 1}})
        api.invoices.retrieve(self.newest_invoice(self.good).id, {"expand": ["payments", "lines"]})
        api.charges.list({"limit": 100, "expand": ["data.balance_transaction", "data.refunds"]})
        api.charges.retrieve(self._charge_of(self.gift), {"expand": ["refunds", "payment_intent"]})
        event = api.events.list({"limit": 2, "delivery_success": False}).data
        api.events.retrieve((event or api.events.list().data)[0].id)
        api.payment_methods.retrieve(self.good.default_payment_method)
        api.customers.payment_methods.list(self.good.customer)
        api.checkout.sessions.line_items.list(self.gift.id)
        api.accounts.retrieve_current()

    def refusals(self) -> None:
        """Each is refused in another way, and each refusal has a shape too."""
        wrongs = (
            lambda: self.api.customers.retrieve("cus_nobody"),
            lambda: self.session(payment_method_types=["card"]),
            lambda: self.api.customers.create({"email": "a@example.org"}, {"idempotency_key": "used"}),
            lambda: self.api.customers.create({"email": "b@example.org"}, {"idempotency_key": "used"}),
            lambda: self.api.subscriptions.update(self.cancelled.id, {"cancel_at_period_end": True}),
            lambda: self.api.refunds.create({"charge": self._charge_of(self.gift)}),
            lambda: self.api.customers.retrieve(self.known.id),
        )
        for wrong in wrongs:
            with contextlib.suppress(stripe.StripeError):
                wrong()
        for status in (500, 429):
            self.stand_in.do("faults", status=status, next_requests=1)
            with contextlib.suppress(stripe.StripeError):
                self.api.charges.list()

    def newest_invoice(self, subscription):
        return self.api.invoices.list({"subscription": subscription.id, "limit": 1}).data[0]

    def _charge_of(self, session) -> str:
        return session.payment_intent.latest_charge.id

    def _advance(self, seconds: int) -> None:
        self.stand_in.do("clock", advance=seconds)
