"""For the timer: captures what the background task could not, for want of a platform in order or of a worker."""

from django.core.management.base import BaseCommand

from articles.embeds.snapshot import capture, due_for_capture
from articles.models import Embed


class Command(BaseCommand):
    help = "Captures the posts that still wait for it. Cheap when there are none."

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=100, help="How many posts at most (default: 100).")

    def handle(self, *args, limit, **options):
        captured, in_trouble = 0, set()
        for embed in due_for_capture()[:limit]:
            if embed.provider in in_trouble:
                continue
            capture(embed)
            captured += embed.state == Embed.State.CAPTURED
            if embed.state == Embed.State.PENDING:
                in_trouble.add(embed.provider)
            elif embed.state == Embed.State.FAILED:
                self.stdout.write(f"{embed.url}: {embed.failure}")
        self.stdout.write(f"{captured} captured.")
