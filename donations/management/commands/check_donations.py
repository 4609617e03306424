"""For the timer, once a day: ends what nobody is told of, and sounds the alarms that the treasurer sees."""

import logging

from django.conf import settings
from django.core.management.base import BaseCommand

from donations import alarms, completion, defence, drift, inbox, sync
from donations.models import Alarm
from donations.stripe_gateway import StripeDown

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Compares the ledger with Stripe and with itself, and raises alarms. Repairs nothing."

    def handle(self, *args, **options):
        questions = {Alarm.Kind.BOOKS: drift.of_closed_books, Alarm.Kind.CONTRIBUTIONS: drift.of_contributions}
        if settings.STRIPE_SECRET_KEY:
            self._end_what_waited_too_long()
            completion.follow_left_over()
            questions |= {Alarm.Kind.DRIFT: drift.from_stripe, Alarm.Kind.SILENCE: drift.of_silence}
        for kind, question in questions.items():
            answer = question()
            alarms.set_by(kind, answer)
            self.stdout.write(f"{kind.label}: {answer or 'no'}")
        failed = inbox.look_for_failed()
        self.stdout.write(f"{Alarm.Kind.FAILED.label}: {failed or 'no'}")
        defence.calm_down()

    def _end_what_waited_too_long(self) -> None:
        try:
            sync.sync_unanswered()
        except StripeDown:
            logger.exception("Charges that wait for an answer could not be looked at; tomorrow again")
