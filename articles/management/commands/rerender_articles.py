"""Makes all stored HTML anew, for a change of the renderer or the allow-list. Readers see each result at once."""

from django.core.management.base import BaseCommand

from articles.embeds import snapshot
from articles.models import Article, Embed, Page
from articles.rendering import render_article, render_page


class Command(BaseCommand):
    help = "Renders every snapshot, article, addendum and page again. Moves no date; safe to repeat and to interrupt."

    def handle(self, **options):
        self._all("snapshots", Embed.objects.order_by("pk"), snapshot.write_html)
        self._all("articles", Article.objects.order_by("pk"), render_article)
        self._all("pages", Page.objects.order_by("pk"), render_page)

    def _all(self, name, rows, render):
        number = 0
        for number, row in enumerate(rows.iterator(chunk_size=200), start=1):  # noqa: B007
            render(row)
        self.stdout.write(f"{number} {name}")
