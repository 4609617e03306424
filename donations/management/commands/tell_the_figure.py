from django.core.management.base import BaseCommand

from donations import cache_tags


class Command(BaseCommand):
    help = "Has pages made anew if the sentence about the next quarter has changed by itself. Safe to repeat."

    def handle(self, **options):
        self.stdout.write("told anew" if cache_tags.tell_if_changed() else "unchanged")
