import datetime as dt

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and permissions"

    def ready(self):
        from foundation import crawling, timers

        crawling.forbid("/account/")
        timers.register("prune_accounts", every=dt.timedelta(hours=1))
