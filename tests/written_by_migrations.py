"""
Rows that migrations wrote, for tests that commit. Such a test empties every table at its end, these rows too, and the
next one would miss them. Django says when it has emptied the tables by the signal it also sends after migrating.
"""

from importlib import import_module

from django.apps import apps
from django.db.models.signals import post_migrate

# By app: module and function, each of which adds what is missing and leaves what is there.
WRITERS = {
    "articles": [("articles.migrations.0003_groups", "make_groups")],
    "comments": [("comments.migrations.0002_moderators", "allow_moderators")],
    "donations": [
        ("donations.migrations.0002_currencies", "offer_five"),
        ("donations.migrations.0006_treasurer", "make_treasurer"),
    ],
}


def put_back(sender, **_):
    for module, function in WRITERS.get(sender.label, ()):
        getattr(import_module(module), function)(apps, None)


def always_put_back():
    post_migrate.connect(put_back, dispatch_uid="tests.written_by_migrations")
