from django.core.management.base import BaseCommand

from articles import search
from articles.models import Article
from articles.search.engine import rebuild_index

CHUNK = 200


class Command(BaseCommand):
    help = "Makes the search index anew, for instance after SEARCH_LANGUAGE was changed."

    def handle(self, *args, **options):
        rebuild_index()
        count = 0
        for article in Article.objects.order_by("pk").only("pk").iterator(chunk_size=CHUNK):
            search.index(article)
            count += 1
        self.stdout.write(f"Indexed {count} articles.")
