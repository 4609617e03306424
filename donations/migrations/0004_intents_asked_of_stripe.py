from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0003_rates_that_wait"),
    ]

    operations = [
        migrations.AddField(
            model_name="intent",
            name="idempotency_key",
            field=models.CharField(
                blank=True, editable=False, help_text="Under which Stripe is asked for the session.", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="intent",
            name="trial_end_at",
            field=models.DateTimeField(
                blank=True, help_text="When the first charge falls due, if not at once.", null=True
            ),
        ),
        migrations.AddField(
            model_name="pledge",
            name="cancel_reason",
            field=models.TextField(
                blank=True,
                help_text="In the backer's words, if they gave any.",
                max_length=1000,
                verbose_name="reason for ending",
            ),
        ),
    ]
