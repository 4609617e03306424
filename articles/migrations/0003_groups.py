"""The roles of the desk. Run again it adds what is missing and takes nothing away that somebody gave by hand."""

from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERYTHING = ("view", "add", "change", "delete")
WRITING = ("view", "add", "change")

# Blacking out words is given to a person, not to a role: it cannot be undone.
EDITOR = {
    "article": (*EVERYTHING, "publish"),
    "byline": EVERYTHING,
    "addendum": EVERYTHING,
    "addendumversion": ("view",),
    "revision": ("view",),
    "previewlink": WRITING,
    "takedown": ("view",),
    "author": WRITING,
    "section": WRITING,
    "tag": EVERYTHING,
    "image": EVERYTHING,
    "embed": EVERYTHING,
    "embedpicture": EVERYTHING,
    "embeddecision": ("view", "add"),
    "page": WRITING,
    "redirect": EVERYTHING,
    "masthead": ("view", "change"),
    "footerlink": EVERYTHING,
}
AUTHOR = {
    "article": WRITING,
    "byline": EVERYTHING,
    "addendum": EVERYTHING,
    "addendumversion": ("view",),
    "revision": ("view",),
    "author": ("view",),
    "section": ("view",),
    "tag": ("view",),
    "image": ("view", "add"),
    "embed": ("view",),
}
# What a moderator does to comments is added by the app that owns them.
MODERATOR = {"article": ("view",), "section": ("view",), "author": ("view",)}

GROUPS = {"Editor": EDITOR, "Author": AUTHOR, "Moderator": MODERATOR}


def make_groups(apps, schema_editor):
    make_permissions(apps)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, allowed in GROUPS.items():
        codenames = [f"{verb}_{model}" for model, verbs in allowed.items() for verb in verbs]
        permissions = Permission.objects.filter(content_type__app_label="articles", codename__in=codenames)
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*permissions)


def make_permissions(apps):
    """Django makes them after all migrations, which is too late for this one."""
    config = apps.get_app_config("articles")
    before = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_search"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
