"""For the timer: makes the sizes of pictures whose worker was away. `--all` makes all anew when the widths change."""

from django.core.management.base import BaseCommand, CommandError

from articles import images
from articles.images import renditions
from articles.images.check import DECODER_ERRORS
from articles.models import Image


class Command(BaseCommand):
    help = "Makes the sizes of pictures that have lacked them for ten minutes. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="make the sizes of every picture anew")

    def handle(self, *args, **options):
        chosen = Image.objects.all() if options["all"] else renditions.left_behind()
        made, failed = 0, 0
        for key in list(chosen.order_by("pk").values_list("pk", flat=True)):
            # Asked again for each: a worker that has come back may have made it, or an editor removed it.
            image = chosen.filter(pk=key).first()
            if image is None:
                continue
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
