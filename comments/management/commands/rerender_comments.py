"""Makes the HTML of all comments anew, for a change of the renderer or the allow-list."""

from django.core.management.base import BaseCommand

from comments import cache_tags, formatting, stored
from comments.models import Comment


class Command(BaseCommand):
    help = "Makes every comment's HTML again from what was typed. Moves no date; safe to repeat and to interrupt."

    def handle(self, **options):
        changed = 0
        rows = Comment.objects.order_by("pk").only("pk", "source", "body_html", "fingerprint")
        for row in rows.iterator(chunk_size=500):
            now = {
                "body_html": formatting.render(row.source).body_html,
                "fingerprint": formatting.fingerprint(row.source),
            }
            if now != {name: getattr(row, name) for name in now}:
                # One edited this moment keeps what the edit made of it.
                changed += Comment.objects.filter(pk=row.pk, source=row.source).update(**now)
        if changed:
            stored.write_all()
            cache_tags.purge_everything()
        self.stdout.write(f"{changed} comments changed")
