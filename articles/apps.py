from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Publishing"


class DeskConfig(admin_apps.AdminConfig):
    """Stands in INSTALLED_APPS in place of `django.contrib.admin`: the editors' desk is the one admin site."""

    default_site = "articles.admin_site.Desk"
    default = False
