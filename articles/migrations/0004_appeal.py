"""The sentence with which a site asks its readers to pay for it, before the figure of what backs the next quarter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_groups"),
    ]

    operations = [
        migrations.AddField(
            model_name="masthead",
            name="appeal",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Why readers should pay. It stands above the figure of what backs the next quarter. "
                "Empty for none.",
                max_length=200,
                verbose_name="sentence that asks",
            ),
        ),
    ]
