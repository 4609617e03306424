"""
Pictures: what may be kept (`check`), keeping it (`library`), its sizes (`renditions`), its addresses (`paths`), where
it is used (`usage`) and how it stands in a page (`markup`). Other modules say `images.store(...)` and so on.
"""

from articles.images.check import ImageRefused
from articles.images.library import ImageInUse, keep, remove, store
from articles.images.markup import caption_line, picture_html
from articles.images.paths import address, key_in_address
from articles.images.renditions import make_renditions
from articles.images.usage import Usage, told_to, usages

__all__ = [
    "ImageInUse",
    "ImageRefused",
    "Usage",
    "address",
    "caption_line",
    "keep",
    "key_in_address",
    "make_renditions",
    "picture_html",
    "remove",
    "store",
    "told_to",
    "usages",
]
