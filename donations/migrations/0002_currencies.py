from django.db import migrations

# Code, suggested amounts in whole units, smallest and largest amount in minor units.
CURRENCIES = [
    ("USD", "10 25 50 100", 300, 500_000),
    ("EUR", "10 25 50 100", 300, 500_000),
    ("GBP", "10 20 40 80", 300, 400_000),
    ("CAD", "15 35 70 140", 400, 700_000),
    ("AUD", "15 40 75 150", 500, 750_000),
]


def offer_five(apps, schema_editor):
    currency = apps.get_model("donations", "Currency")
    for position, (code, presets, minimum, maximum) in enumerate(CURRENCIES):
        currency.objects.get_or_create(
            code=code,
            defaults={
                "presets": presets,
                "minimum_minor": minimum,
                "maximum_minor": maximum,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("donations", "0001_initial")]

    operations = [migrations.RunPython(offer_five, migrations.RunPython.noop)]
