import datetime as dt

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "Behind the scenes"

    def ready(self):
        from django.conf import settings
        from django.core import checks

        from foundation import measures, starting, tasks, timers
        from foundation.checks import the_demo_stays_at_home

        if settings.SENTRY_DSN:
            from foundation import error_reports

            error_reports.begin()
        tasks.connect()
        measures.register()
        checks.register(the_demo_stays_at_home, starting.START)
        checks.register(starting.settings_are_safe, starting.START)
        timers.register("revive_tasks", every=dt.timedelta(minutes=1))
        timers.register("prune_db_task_results", every=dt.timedelta(days=1))
        timers.register("prune_foundation", every=dt.timedelta(days=1))
        timers.register("clearsessions", every=dt.timedelta(days=1))
        if settings.BACKUP_FOLDER:
            timers.register("backup", every=dt.timedelta(days=1))
            timers.register("keep_forgotten_list", every=dt.timedelta(minutes=1))
