from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0013_rest_of_a_charge"),
    ]

    operations = [
        migrations.AddField(
            model_name="adjustment",
            name="fee_minor",
            field=models.BigIntegerField(
                blank=True, help_text="What a dispute costs, in Stripe's settlement currency.", null=True
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="fee_currency",
            field=models.CharField(blank=True, max_length=3),
        ),
    ]
