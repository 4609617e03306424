"""How pictures stand in pages and feeds, and how their addresses are read back."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings

from articles import images
from articles.images.check import encode
from articles.models import Image

from . import files


def picture(**fields) -> Image:
    given = {
        "key": "ab34567890123456",
        "width": 1600,
        "height": 900,
        "alt": "A harbour",
        "renditions": {"avif": [480, 800], "webp": [480, 800], "jpg": [480, 800, 1600]},
        **fields,
    }
    image = Image(**given)
    image.file.name = fields.get("file", f"images/ab/{image.key}/1600.jpg")
    return image


BASE = "/media/images/ab/ab34567890123456"


def tags(markup: str) -> list[tuple[str, dict]]:
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.append((tag, dict(attributes)))

    Reader().feed(markup)
    return found


def test_the_browser_may_choose_format_and_size():
    outer, avif, webp, img = tags(images.picture_html(picture(), sizes="(min-width: 60rem) 40rem, 100vw"))
    assert outer[0] == "picture"
    assert avif[1] == {
        "type": "image/avif",
        "srcset": f"{BASE}/480.avif 480w, {BASE}/800.avif 800w",
        "sizes": "(min-width: 60rem) 40rem, 100vw",
    }
    assert webp[1]["type"] == "image/webp"
    assert img[1] == {
        "src": f"{BASE}/1600.jpg",
        "srcset": f"{BASE}/480.jpg 480w, {BASE}/800.jpg 800w, {BASE}/1600.jpg 1600w",
        "sizes": "(min-width: 60rem) 40rem, 100vw",
        "width": "1600",
        "height": "900",
        "loading": "lazy",
        "decoding": "async",
        "alt": "A harbour",
    }


def test_before_its_sizes_are_made_a_picture_is_shown_as_it_was_kept():
    (_, _), (tag, img) = tags(images.picture_html(picture(renditions={}), sizes="100vw"))
    assert tag == "img"
    assert img["src"] == f"{BASE}/1600.jpg"
    assert "srcset" not in img
    assert "sizes" not in img


def test_the_picture_that_leads_a_page_is_fetched_first():
    *_, (_, img) = tags(images.picture_html(picture(), sizes="100vw", lazy=False, css_class="lead"))
    assert img["fetchpriority"] == "high"
    assert img["class"] == "lead"
    assert "loading" not in img


@pytest.mark.parametrize(("x", "y", "classes"), [
    (50, 50, None),
    (53, 46, None),
    (0, 100, "focus-x-0 focus-y-100"),
    (37, 64, "focus-x-40 focus-y-60"),
    (5, 95, "focus-x-10 focus-y-100"),
    (45, 45, None),
])  # fmt: skip
def test_the_focal_point_is_told_by_classes_that_the_stylesheet_knows(x, y, classes):
    *_, (_, img) = tags(images.picture_html(picture(focal_x=x, focal_y=y), sizes="100vw"))
    assert img.get("class") == classes
    sheet = (settings.BASE_DIR / "static/css/focus.css").read_text()
    assert all(f".{name} {{" in sheet for name in (classes or "").split())


def test_no_style_attribute_and_no_script_is_ever_written():
    hostile = '"><script>alert(1)</script><img style="x'
    image = picture(alt=hostile, focal_x=20)
    for markup in (
        images.picture_html(image, sizes=hostile, css_class=hostile),
        images.picture_html(image, alt=hostile, sizes="100vw", absolute=True),
    ):
        assert [tag for tag, _ in tags(markup) if tag not in ("picture", "source", "img")] == []
        assert all("style" not in attributes for _, attributes in tags(markup))
        assert tags(markup)[-1][1]["alt"] == hostile


def test_an_empty_alternative_text_is_told_and_not_left_out():
    assert ' alt=""' in images.picture_html(picture(), alt="", sizes="100vw")


def test_feeds_get_a_plain_picture_with_a_full_address(settings):
    settings.SITE_URL = "https://paper.example"
    image = picture(renditions={"jpg": [480, 800, 1200, 1600]})
    ((tag, img),) = tags(images.picture_html(image, sizes="100vw", absolute=True))
    assert tag == "img"
    assert img == {
        "src": f"https://paper.example{BASE}/1200.jpg",
        "width": "1200",
        "height": "675",
        "alt": "A harbour",
    }


@pytest.mark.parametrize(("width", "format", "ending"), [
    (None, "jpg", "1600.jpg"),
    (600, "jpg", "800.jpg"),
    (800, "webp", "800.webp"),
    (1200, "avif", "800.avif"),
    (600, "png", "800.jpg"),
])  # fmt: skip
def test_an_address_names_a_file_that_was_made(width, format, ending):
    assert images.address(picture(), width, format) == f"{BASE}/{ending}"


def test_a_see_through_picture_has_png_addresses():
    image = picture(file="images/ab/ab34567890123456/1600.png", renditions={"png": [480]})
    assert images.address(image, 300) == f"{BASE}/480.png"


def test_addresses_are_read_back_whether_full_or_not(settings):
    settings.SITE_URL = "https://paper.example"
    for address in (f"{BASE}/1200.jpg", f"https://paper.example{BASE}/480.avif", f"  {BASE}/1.png "):
        assert images.key_in_address(address) == "ab34567890123456"


@pytest.mark.parametrize("address", [
    "",
    "/media/images/ab/ab34567890123456/",
    "/media/images/cd/ab34567890123456/480.jpg",
    "/media/images/ab/ab3456789012345/480.jpg",
    "/media/images/ab/ab34567890123456/480.svg",
    "/media/images/ab/ab34567890123456/0.jpg",
    "/media/images/ab/ab34567890123456/480.jpg?x=1",
    "/media/images/ab/ab34567890123456/480.jpg\n",
    "/media/images/ab/../ab/ab34567890123456/480.jpg",
    "https://elsewhere.example/media/images/ab/ab34567890123456/480.jpg",
    "//elsewhere.example/media/images/ab/ab34567890123456/480.jpg",
    "data:image/png;base64,AAAA",
])  # fmt: skip
def test_other_addresses_name_no_picture(address):
    expected = "ab34567890123456" if address.endswith("480.jpg\n") else None  # blanks around it are a paste's
    assert images.key_in_address(address) == expected


@pytest.mark.parametrize(("caption", "credit", "line"), [
    ("", "", ""),
    ("The harbour", "", "The harbour"),
    ("", "Photo: us", "Photo: us"),
    ("The harbour", "Photo: us", "The harbour. Photo: us"),
    ("Is it safe?", "Photo: us", "Is it safe? Photo: us"),
])  # fmt: skip
def test_caption_and_credit_become_one_line(caption, credit, line):
    assert images.caption_line(picture(caption=caption, credit=credit)) == line


def test_every_format_that_is_written_has_a_content_type():
    from articles.images.paths import CONTENT_TYPES

    for extension, content_type in CONTENT_TYPES.items():
        written = files.opened(encode(files.picture(), extension))
        assert re.sub("jpg", "jpeg", extension) == written.format.lower() == content_type.partition("/")[2]
