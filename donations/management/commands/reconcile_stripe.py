"""By hand, and on the first start with a history: the ledger beside Stripe's own lists."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from donations import alarms, drift, periods, reconcile
from donations.models import Alarm
from donations.stripe_gateway import StripeDown, StripeRefused


class Command(BaseCommand):
    help = (
        "Compares the ledger with Stripe for a period, and with everything that is not settled, and prints each "
        "difference. Ends with 1 when there were any, repaired or not."
    )

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="since", type=_day, help="First day, 2026-01-01; 35 days ago unless told.")
        parser.add_argument("--until", type=_day, help="Last day; today unless told.")
        parser.add_argument("--apply", action="store_true", help="Repair the differences, and end their alarm.")
        parser.add_argument(
            "--adopt-unknown",
            action="store_true",
            help="Take in pledges and gifts of this site that were made before this database: its history.",
        )

    def handle(self, *args, since, until, apply, adopt_unknown, **options):
        if since and until and since > until:
            raise CommandError(f"{since} is after {until}: nothing lies between.", returncode=2)
        since, until = since and _start(since), until and _start(until + dt.timedelta(days=1))
        try:
            report = reconcile.run(
                since,
                until,
                apply=apply,
                adopt=adopt_unknown,
                tell=self.stdout.write,
            )
        except (StripeDown, StripeRefused) as error:
            raise CommandError(f"Stripe could not be asked to the end: {error}", returncode=2) from error
        if apply and drift.is_made_good(report, since, until):
            alarms.quiet(Alarm.Kind.DRIFT)
        if report.found:
            raise CommandError(str(report), returncode=1)
        self.stdout.write(str(report))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=periods.zone()).astimezone(dt.UTC)
