"""
The sizes of a picture, made in the background. Until they exist, pages show the kept file. Nothing is made larger than
it was uploaded.

Whoever makes them, the queue claims a new picture: its task is run by one worker. The timer's command only takes up
what the queue has left behind. Should two still work at the same picture, each file is replaced whole, by its equal.
"""

import datetime as dt
import logging
import secrets
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from PIL import Image as Pillow

from articles import cache_tags
from articles.images import check, paths
from articles.models import Image
from foundation import clock
from foundation.tasks import WHEN_QUIET, retried_task

logger = logging.getLogger(__name__)

WIDTHS = (480, 800, 1200, 1800)
QUALITY = {"avif": 55, "webp": 76, "jpg": 80, "png": 100}
LEFT_BEHIND_AFTER = dt.timedelta(minutes=10)  # by then the queue has had its turn


def widths_for(full_width: int) -> list[int]:
    """Ascending; the last is the full width, or the widest that is made."""
    return [width for width in WIDTHS if width < full_width] + ([full_width] if full_width <= WIDTHS[-1] else [])


def make_renditions(image: Image) -> None:
    """Makes all sizes in all formats. Repeating it writes the same files at the same addresses again."""
    kept = paths.kept_extension(image)
    made = {"avif": [], "webp": [], kept: []}
    with default_storage.open(image.file.name) as file, Pillow.open(file, formats=check.FORMATS) as full:
        # From wide to narrow, each from the one before: the work shrinks with every step.
        for width in reversed(widths_for(image.width)):
            full = _narrowed(full, width)
            for extension in made:
                name = paths.file_name(image.key, width, extension)
                if name != image.file.name:
                    _write(name, check.encode(full, extension, quality=QUALITY[extension]))
                made[extension].insert(0, width)
    still_there = Image.objects.filter(pk=image.pk).update(state=Image.State.READY, renditions=made)
    image.state, image.renditions = Image.State.READY, made
    cache_tags.purge_image(image)
    if not still_there:
        logger.info("Image %s was removed while its sizes were made", image.key)
        for name in paths.all_file_names(image):
            default_storage.delete(name)


def left_behind() -> QuerySet[Image]:
    """Pictures that have lacked their sizes for so long that no worker is about to make them."""
    return Image.objects.filter(state=Image.State.PENDING, created_at__lte=clock.now() - LEFT_BEHIND_AFTER)


@retried_task(priority=WHEN_QUIET)
def make_renditions_of(image_id: int) -> None:
    image = Image.objects.filter(pk=image_id, state=Image.State.PENDING).first()
    if image is not None:
        make_renditions(image)


def _narrowed(picture: Pillow.Image, width: int) -> Pillow.Image:
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Pillow.Resampling.LANCZOS, reducing_gap=3.0)


def _write(name: str, content: bytes) -> None:
    """
    In one step, whatever stands there already: an address that answers goes on answering with a whole picture, and
    what a run that was cut off left there is repaired.
    """
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:  # a store without folders, which keeps what it is given whole or not at all
        default_storage.save(name, ContentFile(content))
        return
    folder, _, file = name.rpartition("/")
    unfinished = default_storage.save(f"{folder}/{secrets.token_hex(8)}.{file}.part", ContentFile(content))
    try:
        Path(default_storage.path(unfinished)).replace(target)
    except OSError:
        default_storage.delete(unfinished)
        raise
