"""Makes the sizes of pictures that lack them, here and now, for when the worker was away or the widths have changed."""

from django.core.management.base import BaseCommand, CommandError

from articles import images
from articles.images.check import DECODER_ERRORS
from articles.models import Image


class Command(BaseCommand):
    help = "Makes the missing sizes of pictures. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="make the sizes of every picture anew")

    def handle(self, *args, **options):
        waiting = Image.objects.all() if options["all"] else Image.objects.filter(state=Image.State.PENDING)
        made, failed = 0, 0
        for image in waiting.order_by("pk").iterator():
            try:
                images.make_renditions(image)
            except DECODER_ERRORS as error:
                failed += 1
                self.stderr.write(f"{image.key} ({image}): {error}")
            else:
                made += 1
        self.stdout.write(f"Sizes made for {made} pictures.")
        if failed:
            raise CommandError(f"{failed} pictures could not be read. Upload them again.")
