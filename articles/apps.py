import datetime as dt

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django_tasks_db import apps as tasks_apps

# What a crawler has no use for, or would never finish.
NOT_FOR_CRAWLERS = ["/admin/", "/search/", "/preview/", "/play/"]


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Publishing"

    def ready(self):
        from articles import cache_tags, cards, feed_entries, pieces
        from articles.images import library
        from foundation import backups, crawling, identity, timers

        cache_tags.declare()
        pieces.declare()
        cards.declare()
        feed_entries.declare()
        backups.register_files(library.files_of)
        backups.restored.connect(_no_page_is_true_any_more)
        identity.register(_site_name)
        crawling.forbid(*NOT_FOR_CRAWLERS)
        crawling.announce("sitemap", "news_sitemap")
        timers.register("capture_embeds", every=dt.timedelta(minutes=5))
        timers.register("make_renditions", every=dt.timedelta(hours=1))
        timers.register("recheck_embeds", every=dt.timedelta(days=1))


def _no_page_is_true_any_more(**kwargs) -> None:
    from articles import cache_tags

    cache_tags.take_everything_away()


def _site_name() -> str:
    from articles.models import Masthead

    return Masthead.load().site_name


class DeskConfig(admin_apps.AdminConfig):
    """Stands in INSTALLED_APPS in place of `django.contrib.admin`: the editors' desk is the one admin site."""

    verbose_name = "Behind the scenes"
    default_site = "articles.admin_site.Desk"
    default = False


class BackgroundWorkConfig(tasks_apps.TasksAppConfig):
    """Stands in INSTALLED_APPS in place of `django_tasks_db`, under a name that tells an editor what it is."""

    verbose_name = "Behind the scenes"
    default = False
