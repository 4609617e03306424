"""For the daily timer: which of the posts we quote can no longer be seen where they were posted."""

from django.core.management.base import BaseCommand

from articles.embeds.recheck import recheck_due


class Command(BaseCommand):
    help = "Asks the platforms whether the posts we quote still stand. Changes the line beneath a post, never its text."

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=500, help="How many posts at most (default: 500).")

    def handle(self, *args, limit, **options):
        report = recheck_due(limit=limit)
        for embed in report.lost:
            self.stdout.write(f"{embed.get_availability_display().capitalize()}: {embed.url}")
        for embed in report.found_again:
            self.stdout.write(f"Back: {embed.url}")
        self.stdout.write(f"{report.checked} checked, {report.undecided} without an answer.")
