"""
What moderators and editors may do to comments, and what the desk remembers of a moderator. Run again `allow_moderators`
adds what is missing and takes nothing away that somebody gave by hand. Moderators see no money and edit no article.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

MODERATOR = (
    "view_comment",
    "moderate_comment",
    "view_commenter",
    "ban_commenter",
    "view_wordrule",
    "add_wordrule",
    "change_wordrule",
    "delete_wordrule",
    "view_discussion",
    "change_discussion",
)
# Handing out and erasing a person's data, and what the law asks for, are answered for by an editor.
EDITOR = (
    *MODERATOR,
    "remove_comment",
    "change_commenter",
    "delete_commenter",
    "view_commentsettings",
    "change_commentsettings",
)
GROUPS = {"Moderator": MODERATOR, "Editor": EDITOR}


def allow_moderators(apps, schema_editor):
    make_permissions(apps)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="comments", codename__in=codenames))


def make_permissions(apps):
    """Django makes them after all migrations, which is too late for this one."""
    config = apps.get_app_config("comments")
    before, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = before


def allow_nobody(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ours = Permission.objects.filter(content_type__app_label="comments")
    for group in Group.objects.filter(name__in=GROUPS):
        group.permissions.remove(*ours)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_groups"),
        ("comments", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ModeratorMail",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="moderator_mail",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_wanted", models.BooleanField(default=True)),
                ("written_at", models.DateTimeField(editable=False, null=True)),
                ("told_until", models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("open_reports__gt", 0)), fields=["posted_at", "id"], name="comment_reported"
            ),
        ),
        migrations.RunPython(allow_moderators, allow_nobody),
    ]
