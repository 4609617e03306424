"""
Plays some quarters of the demo's past: invented people pledge through the site's own verbs, pay at the stand-in, and
its clock is moved from one act to the next, so that renewals, failures, refunds and endings happen as they would. What
the ledger holds afterwards was told to it by the stand-in; no row of it is written here.

Run once, on a new site, while the stand-in runs and the server does not yet: its webhooks are dropped, and everything
is taken up by reconciling, as on the first start of any site with a history.
"""

import datetime as dt
import io
import os
import sys
import uuid
from decimal import Decimal

import django
from django.core.management import CommandError, call_command

from antiempire.demo.agenda import Agenda
from antiempire.demo.people import GOALS, PAYS, Plan, plans
from antiempire.demo.standin import StandIn

QUARTERS = 5  # of history before the present one
# Books are closed a day after they may be.
CLOSING_DAYS = 15
# A card that fails at the first renewal is replaced before the attempts are over.
MENDED_AFTER_DAYS = 100
JUDGED_AFTER_DAYS = 45


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antiempire.settings")
    django.setup()
    from django.conf import settings

    Player(StandIn(settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY)).play()
    return 0


class Player:
    def __init__(self, stand_in: StandIn):
        from foundation import clock

        self.stand_in = stand_in
        self.end = clock.real_now()
        self.agenda = Agenda(self.end)

    def play(self) -> None:
        from donations import periods

        first = periods.quarter_of(self.end).plus(-QUARTERS)
        begin = periods.start_of(first)
        self.stand_in.do("faults", drop=1.0)
        self.stand_in.move_clock(begin)
        self.set_goals(first)
        for plan in plans(begin, self.end):
            self.agenda.at(plan.at, self.pledge, plan)
        for number in range(1, QUARTERS + 1):
            closing = periods.start_of(first.plus(number)) + dt.timedelta(days=CLOSING_DAYS)
            self.agenda.at(closing, self.close_books)
        self.agenda.play(self.stand_in.move_clock)
        self.stand_in.do("clock", seconds=0)
        self.take_up()
        self.stand_in.do("faults", drop=0)

    def set_goals(self, first) -> None:
        """What a treasurer types in the admin; the only figure that Stripe knows nothing of."""
        from donations.models import QuarterBook

        for number, units in enumerate(GOALS, start=1):
            QuarterBook.objects.create(livemode=False, quarter=first.plus(number), goal_minor=units * 100)

    def pledge(self, plan: Plan) -> None:
        session = self.ask(plan)
        self.stand_in.complete(session, card=plan.card, email=plan.email, name=plan.name)
        intent = self.take_in(session)
        for days, act in (
            (plan.ends_after, self.end_pledge),
            (plan.paused_after, self.pause),
            (plan.refunded_after, self.refund),
            (plan.disputed_after, self.dispute),
            (MENDED_AFTER_DAYS if plan.card != PAYS else 0, self.mend_card),
        ):
            if days:
                self.agenda.at(plan.at + dt.timedelta(days=days), act, intent, plan)

    def ask(self, plan: Plan) -> str:
        """What the support page does with a form that was sent. Returns the session's id."""
        from donations import checkout
        from donations.dedications import Wish
        from donations.models import Intent
        from donations.money import Money, to_minor

        intent_id = uuid.uuid4()
        checkout.start_pledge(
            intent_id=intent_id,
            kind=plan.kind,
            money=Money(to_minor(Decimal(plan.units), plan.currency), plan.currency),
            public_name=plan.name if plan.is_named else "",
            message=plan.message,
            wish=Wish(name=plan.on_behalf_of, shown=True) if plan.on_behalf_of else None,
        )
        return Intent.objects.get(pk=intent_id).session_id

    def take_in(self, session: str):
        """What the thanks page does when the backer comes back. A shown name is approved, as an editor would."""
        from donations import sync
        from donations.models import Dedication, Intent

        sync.sync_session(session)
        intent = Intent.objects.get(session_id=session)
        if intent.name_status == Intent.NameStatus.PENDING:
            intent.name_status = Intent.NameStatus.APPROVED
            intent.save(update_fields=["name_status"])
        Dedication.objects.filter(intent=intent, name_status=Intent.NameStatus.PENDING).update(
            name_status=Intent.NameStatus.APPROVED
        )
        return intent

    def end_pledge(self, intent, plan: Plan) -> None:
        from donations import stripe_gateway

        stripe_gateway.cancel_at_period_end(intent.pledge)

    def pause(self, intent, plan: Plan) -> None:
        from donations import stripe_gateway

        stripe_gateway.pause(intent.pledge)

    def mend_card(self, intent, plan: Plan) -> None:
        self.stand_in.do(f"customers/{intent.pledge.customer.stripe_id}/card", card=PAYS)

    def refund(self, intent, plan: Plan) -> None:
        part = {"amount": plan.refunded_part * 100} if plan.refunded_part else {}
        self.stand_in.do(f"charges/{intent.payments.get().fact_key}/refund", **part)

    def dispute(self, intent, plan: Plan) -> None:
        made = self.stand_in.do(f"charges/{intent.payments.get().fact_key}/dispute", reason="fraudulent")
        judged_at = plan.at + dt.timedelta(days=plan.disputed_after + JUDGED_AFTER_DAYS)
        self.agenda.at(judged_at, self.judge, made["id"], plan.dispute_outcome)

    def judge(self, dispute: str, outcome: str) -> None:
        self.stand_in.do(f"disputes/{dispute}/close", outcome=outcome)

    def close_books(self) -> None:
        """It reconciles first, and so takes up what the dropped webhooks would have told."""
        call_command("close_books", stdout=io.StringIO())

    def take_up(self) -> None:
        """The command ends with 1 after it repaired something, which is what it is for here."""
        from foundation import clock

        begin = (clock.now() - dt.timedelta(days=120)).date().isoformat()
        try:
            call_command("reconcile_stripe", "--from", begin, "--apply", stdout=io.StringIO())
        except CommandError as ending:
            if ending.returncode != 1:
                raise


if __name__ == "__main__":
    sys.exit(main())
