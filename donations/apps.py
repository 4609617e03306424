import datetime as dt

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = "Backers and money"

    def ready(self):
        from django.core.checks import register

        from donations import backing, cache_tags, checks, forgetting_again, measures, mode, pieces
        from foundation import crawling, forgotten, standing, timers
        from foundation.starting import START

        trouble = mode.refusal(key=settings.STRIPE_SECRET_KEY, secrets=settings.STRIPE_WEBHOOK_SECRETS)
        if trouble:
            raise ImproperlyConfigured(trouble)
        register(checks.settings_of_stripe, START)
        for check in (checks.settings_of_backers, checks.the_ledger_stands_on_its_ground):
            register(check)
        cache_tags.declare()
        pieces.declare()
        standing.register(backing.is_backer)
        forgotten.register("backer", again=forgetting_again.again, listed=forgetting_again.listed)
        measures.register()
        crawling.offer("figures", "how", "backers")
        timers.register("tell_the_figure", every=dt.timedelta(minutes=1))
        timers.register("replay_stripe_events", every=dt.timedelta(minutes=5))
        timers.register("close_books", every=dt.timedelta(days=1))
        timers.register("check_donations", every=dt.timedelta(days=1))
        timers.register("send_backer_letters", every=dt.timedelta(days=1))
        timers.register("prune_donations", every=dt.timedelta(days=1))
        if settings.ECB_DAILY_URL:
            # The bank publishes at about 16:00 in Frankfurt: so its rate is here before the day ends in UTC.
            timers.register("fetch_exchange_rates", every=dt.timedelta(hours=4))
