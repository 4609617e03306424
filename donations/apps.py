import datetime as dt

from django.apps import AppConfig
from django.conf import settings


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = "Backers and money"

    def ready(self):
        from foundation import timers

        timers.register("send_backer_letters", every=dt.timedelta(days=1))
        timers.register("prune_donations", every=dt.timedelta(days=1))
        if settings.ECB_DAILY_URL:
            # The bank publishes at about 16:00 in Frankfurt: so its rate is here before the day ends in UTC.
            timers.register("fetch_exchange_rates", every=dt.timedelta(hours=4))
