from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0011_gifts_on_behalf"),
    ]

    operations = [
        migrations.AddField(
            model_name="pledge",
            name="kept_at",
            field=models.DateTimeField(
                editable=False, help_text="When an ending that was set was last seen to be taken back.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("drift", "the ledger differs from Stripe"),
                    ("books", "closed books do not add up"),
                    ("contributions", "what quarters hold does not follow from the facts"),
                    ("silence", "Stripe has been silent"),
                    ("inbox", "events wait to be worked on"),
                    ("failed", "events failed and are tried no more"),
                    ("cards", "stolen cards may be tried here"),
                ],
                max_length=20,
                primary_key=True,
                serialize=False,
            ),
        ),
    ]
