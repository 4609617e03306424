"""
How a picture stands in a page. The browser picks format and size; width and height keep the text from jumping. The
focal point is a pair of classes in steps of ten per cent (`static/css/focus.css`): pages carry no style attribute.
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.images import paths
from articles.models import Image

FEED_WIDTH = 1200


def picture_html(
    image: Image,
    *,
    alt: str | None = None,
    sizes: str,
    lazy: bool = True,
    css_class: str = "",
    absolute: bool = False,
) -> SafeString:
    """
    `alt` None takes the library's text, an empty one says that the picture is decoration. `sizes` is the width it is
    shown at, as in HTML. Not lazy means that it leads the page and is fetched first. `absolute` gives the plain
    picture with a full address, for feeds.
    """
    text = image.alt if alt is None else alt
    if absolute:
        return _plain(image, text)
    return format_html(
        "<picture>{}{}</picture>",
        _sources(image, sizes),
        _img(image, text, sizes=sizes, lazy=lazy, css_class=css_class),
    )


def caption_line(image: Image) -> str:
    """Caption and credit as one line of plain text."""
    caption = image.caption.strip()
    if not (caption and image.credit):
        return caption or image.credit
    return f"{caption} {image.credit}" if caption.endswith((".", "!", "?", "…")) else f"{caption}. {image.credit}"


def focus_classes(image: Image) -> str:
    """Empty in the middle, which is where browsers crop to anyway."""
    x, y = _step(image.focal_x), _step(image.focal_y)
    return "" if x == y == 50 else f"focus-x-{x} focus-y-{y}"


def _step(per_cent: int) -> int:
    return int(per_cent / 10 + 0.5) * 10


def _sources(image: Image, sizes: str) -> SafeString:
    return format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        (
            (paths.CONTENT_TYPES[extension], _srcset(image, extension), sizes)
            for extension in ("avif", "webp")
            if image.renditions.get(extension)
        ),
    )


def _srcset(image: Image, extension: str) -> str:
    widths = image.renditions.get(extension, [])
    return ", ".join(f"{paths.address(image, width, extension)} {width}w" for width in widths)


def _img(image: Image, alt: str, *, sizes: str, lazy: bool, css_class: str) -> SafeString:
    kept_widths = _srcset(image, paths.kept_extension(image))
    attributes = {
        "src": paths.address(image, FEED_WIDTH),
        "srcset": kept_widths,
        "sizes": sizes if kept_widths else "",
        "width": image.width,
        "height": image.height,
        "class": " ".join(filter(None, [css_class, focus_classes(image)])),
        "loading": "lazy" if lazy else "",
        "fetchpriority": "" if lazy else "high",
        "decoding": "async",
    }
    given = format_html_join("", ' {}="{}"', ((name, value) for name, value in attributes.items() if value))
    return format_html('<img{} alt="{}">', given, alt)


def _plain(image: Image, alt: str) -> SafeString:
    width = paths.made_width(image, FEED_WIDTH, paths.kept_extension(image)) or image.width
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}">',
        paths.absolute(paths.address(image, FEED_WIDTH)),
        width,
        round(image.height * width / image.width),
        alt,
    )
