"""
Where a picture's files lie and what their addresses are: `images/<first two of key>/<key>/<width>.<extension>`.

The key is random, so an address says nothing about the upload and never has to change; a file's content at an address
never changes either, which is why it may be cached for ever.
"""

import re

from django.conf import settings
from django.core.files.storage import default_storage

CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
# Where texts found them before they moved to another host.
ON_THIS_SITE = "/media/"
NAME_PATTERN = (
    r"images/(?P<folder>[0-9a-f]{2})/(?P<key>(?P=folder)[0-9a-f]{14})/"
    r"(?P<width>[1-9][0-9]{0,4})\.(?P<extension>jpg|png|webp|avif)"
)
_NAME = re.compile(NAME_PATTERN)


def file_name(key: str, width: int, extension: str) -> str:
    """The name in the storage."""
    return f"images/{key[:2]}/{key}/{width}.{extension}"


def kept_extension(image) -> str:
    """The format that every browser reads: `png` for a picture with transparency, otherwise `jpg`."""
    return image.file.name.rpartition(".")[2]


def made_width(image, width: int, extension: str) -> int | None:
    """The narrowest size made in that format that is at least so wide, else the widest; None while there is none."""
    widths = sorted(image.renditions.get(extension, []))
    return next((made for made in widths if made >= width), widths[-1] if widths else None)


def address(image, width: int | None = None, format: str = "jpg") -> str:
    """
    An address that answers: of the size that fits `width`, and without a width, or before the sizes are made, of the
    kept file. A picture with transparency has PNG files in place of JPEG.
    """
    extension = kept_extension(image) if format in ("jpg", "png") else format
    made = made_width(image, width, extension) if width else None
    return default_storage.url(file_name(image.key, made, extension)) if made else image.file.url


def absolute(path: str) -> str:
    """For readers of feeds and search engines, who have no page that a path could belong to."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path


def key_in_address(src: str) -> str | None:
    """The key of the library picture that `src` shows, whichever width; None for any other address."""
    path = src.strip().removeprefix(settings.SITE_URL)
    for place in (settings.MEDIA_URL, ON_THIS_SITE):
        if path.startswith(place) and (match := _NAME.fullmatch(path.removeprefix(place))):
            return match["key"]
    return None


def all_file_names(image) -> set[str]:
    sizes = {
        file_name(image.key, width, extension) for extension, widths in image.renditions.items() for width in widths
    }
    return sizes | {image.file.name}
