import datetime as dt

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"

    def ready(self):
        from foundation import tasks, timers

        tasks.connect()
        timers.register("revive_tasks", every=dt.timedelta(minutes=1))
        timers.register("prune_db_task_results", every=dt.timedelta(days=1))
        timers.register("clearsessions", every=dt.timedelta(days=1))
