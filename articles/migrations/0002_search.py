from django.db import migrations

from articles.search.engine import create_index, drop_index


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(create_index, drop_index)]
