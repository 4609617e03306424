import datetime as dt

from django.apps import AppConfig


class BottrapConfig(AppConfig):
    name = "bottrap"
    verbose_name = "Trap for robots"

    def ready(self):
        from django.conf import settings
        from django.core import checks

        from bottrap import cache_tags, measures
        from bottrap.checks import networks_are_networks
        from bottrap.panels import register_panels
        from foundation import timers

        checks.register(networks_are_networks)
        register_panels()
        cache_tags.declare()
        measures.register()
        timers.register("arm_trap", every=dt.timedelta(minutes=5))
        timers.register("send_trap_digests", every=dt.timedelta(days=1))
        timers.register("send_trap_alarms", every=dt.timedelta(minutes=5))
        timers.register("prune_bottrap", every=dt.timedelta(days=1))
        if settings.FRONT_BANS_FILE:
            timers.register("write_bans", every=dt.timedelta(minutes=1))
        if settings.CRAWLER_RANGES:
            timers.register("update_crawler_ranges", every=dt.timedelta(days=1))
