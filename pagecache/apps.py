import datetime as dt

from django.apps import AppConfig


class PagecacheConfig(AppConfig):
    name = "pagecache"
    verbose_name = "Stored pages"

    def ready(self):
        from django.core import checks
        from django.core.signals import got_request_exception

        from foundation import timers
        from pagecache.away import note_database_away
        from pagecache.checks import caches_are_shared, folder_can_be_written, store_is_usable

        checks.register(caches_are_shared, deploy=True)
        checks.register(store_is_usable)
        checks.register(folder_can_be_written)
        got_request_exception.connect(note_database_away, dispatch_uid="pagecache.away")
        timers.register("finish_purges", every=dt.timedelta(minutes=1))
        timers.register("prune_pages", every=dt.timedelta(hours=6))
