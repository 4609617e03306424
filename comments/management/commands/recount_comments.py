"""Counts comments, recommendations and reports anew, for after an import or a repair by hand."""

from django.core.management.base import BaseCommand

from comments import counting, stored


class Command(BaseCommand):
    help = "Sets the stored numbers of comments, recommendations and reports right. Safe to repeat and to interrupt."

    def handle(self, **options):
        self.stdout.write(f"{counting.recount()} articles and {counting.recount_recommendations()} comments corrected")
        stored.write_all()
