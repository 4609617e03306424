"""For the timer: captures what the background task could not, for want of a platform in order or of a worker."""

from django.core.management.base import BaseCommand

from articles.embeds.catch_up import capture_due


class Command(BaseCommand):
    help = "Captures the posts that still wait for it. Cheap when there are none."

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=100, help="How many posts at most (default: 100).")

    def handle(self, *args, limit, **options):
        done = capture_due(limit=limit)
        for embed in [*done.refused, *done.undecided]:
            self.stdout.write(f"{embed.url}: {embed.failure}")
        self.stdout.write(f"{len(done.captured)} captured.")
