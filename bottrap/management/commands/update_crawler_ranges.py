"""For the timer: fetches the networks that crawlers' makers publish, named by CRAWLER_RANGES."""

from django.conf import settings
from django.core.management.base import BaseCommand

from bottrap import ranges


class Command(BaseCommand):
    help = "Fetches the published networks of crawlers and of the payment service. What cannot be had stays as it was."

    def handle(self, *args, **options):
        for feed, told in ranges.update(settings.CRAWLER_RANGES).items():
            self.stdout.write(f"{feed}: {told}")
