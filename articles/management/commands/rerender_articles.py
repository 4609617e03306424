"""Makes all stored HTML anew, for a change of the renderer or the allow-list. Readers see each result at once."""

from django.core.management.base import BaseCommand
from django.db import transaction

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
        keys = list(rows.values_list("pk", flat=True))
        for pk in keys:
            _render_one(rows, pk, render)
        self.stdout.write(f"{len(keys)} {name}")


@transaction.atomic
def _render_one(rows, pk, render) -> None:
    """As it is now: what an editor saved meanwhile is not overwritten."""
    for row in rows.select_for_update(of=("self",)).filter(pk=pk):
        render(row)
