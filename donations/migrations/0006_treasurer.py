"""
Who handles money. Run again it adds what is missing and takes nothing away that somebody gave by hand. Editors and
moderators judge the names that backers wish to be shown, and see no amount.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

TREASURER = {
    "backer": ("view", "change"),
    "pledge": ("view",),
    "invoice": ("view",),
    "intent": ("view",),
    "payment": ("view", "add"),
    "adjustment": ("view",),
    "contribution": ("view",),
    "quarterbook": ("view", "add", "change"),
    "lateentry": ("view",),
    "currency": ("view", "add", "change"),
    "exchangerate": ("view", "add"),
    "stripeevent": ("view",),
}
BEYOND_MODELS = {
    "Treasurer": ("handle_money", "moderate_names"),
    "Editor": ("moderate_names",),
    "Moderator": ("moderate_names",),
}


def make_treasurer(apps, schema_editor):
    make_permissions(apps)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    of_models = [f"{verb}_{model}" for model, verbs in TREASURER.items() for verb in verbs]
    for name, codenames in BEYOND_MODELS.items():
        wanted = [*codenames, *(of_models if name == "Treasurer" else ())]
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="donations", codename__in=wanted))


def make_permissions(apps):
    """Django makes them after all migrations, which is too late for this one."""
    config = apps.get_app_config("donations")
    before, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before


def remove_treasurer(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="Treasurer").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0005_names_news_and_warnings"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_treasurer, remove_treasurer)]
