from django.db import migrations, models

from comments import mailboxes


def fill(apps, schema_editor):
    Commenter = apps.get_model("comments", "Commenter")
    for person in Commenter.objects.exclude(banned_at=None).exclude(email="").iterator():
        Commenter.objects.filter(pk=person.pk).update(banned_mailbox=mailboxes.digest(person.email))


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0006_threads_as_html"),
    ]

    operations = [
        migrations.AddField(
            model_name="commenter",
            name="banned_mailbox",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
