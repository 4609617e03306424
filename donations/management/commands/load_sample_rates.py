from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from donations import cache_tags, sample_rates
from donations.mode import is_live
from donations.models import ExchangeRate
from foundation import clock


class Command(BaseCommand):
    help = (
        "Puts the demo's invented exchange rates in, or takes them out again. Never for a site that takes real money."
    )

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="Take them out; payments keep what they were given.")

    def handle(self, *args, remove, **options):
        if remove:
            count, _ = ExchangeRate.objects.invented().delete()
            self.stdout.write(f"{count} sample rates removed.")
            return
        if is_live():
            raise CommandError("Sample rates are invented: they are not put beside a live Stripe key.")
        if ExchangeRate.objects.from_the_bank().exists():
            raise CommandError(
                "There are rates of the European Central Bank already; invented ones do not mix with them."
            )
        rows = self.rows(settings.BASE_CURRENCY)
        ExchangeRate.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        cache_tags.money_changed()
        self.stdout.write(f"{len(rows)} invented rates, {sample_rates.FIRST} to {sample_rates.LAST}.")

    def rows(self, base: str) -> list[ExchangeRate]:
        now = clock.now()
        try:
            currencies = sample_rates.currencies(base)
        except sample_rates.NotInvented as error:
            raise CommandError(str(error)) from error
        return [
            ExchangeRate(
                base=base,
                currency=currency,
                dated_on=day,
                rate=sample_rates.rate_on(day, currency, base),
                written=sample_rates.SOURCE_NOTE,
                source=ExchangeRate.Source.SAMPLE,
                recorded_at=now,
            )
            for currency in currencies
            for day in sample_rates.working_days()
        ]
