from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0008_people_at_the_closing"),
    ]

    operations = [
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
                    ("cards", "stolen cards may be tried here"),
                ],
                max_length=20,
                primary_key=True,
                serialize=False,
            ),
        ),
    ]
