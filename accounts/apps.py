import datetime as dt

from django.apps import AppConfig
from django.contrib.auth import apps as auth_apps


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and permissions"

    def ready(self):
        from django.core import checks as django_checks

        from accounts import forgetting_again
        from accounts.staff import checks, rights
        from foundation import crawling, forgotten, timers

        crawling.forbid("/account/")
        rights.connect()
        django_checks.register(checks.second_factor_is_asked_for)
        forgotten.register("account", again=forgetting_again.again)
        timers.register("prune_accounts", every=dt.timedelta(hours=1))


class GroupsConfig(auth_apps.AuthConfig):
    """Stands in INSTALLED_APPS in place of `django.contrib.auth`, so that groups stand beside the people in them."""

    verbose_name = "People and permissions"
    default = False
