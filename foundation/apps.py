import datetime as dt

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"

    def ready(self):
        from django.core import checks

        from foundation import tasks, timers
        from foundation.checks import the_demo_stays_at_home

        tasks.connect()
        checks.register(the_demo_stays_at_home)
        timers.register("revive_tasks", every=dt.timedelta(minutes=1))
        timers.register("prune_db_task_results", every=dt.timedelta(days=1))
        timers.register("prune_foundation", every=dt.timedelta(days=1))
        timers.register("clearsessions", every=dt.timedelta(days=1))
