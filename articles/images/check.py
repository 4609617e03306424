"""
Is this file a picture we can keep? It is judged by its content alone, and refused before it is decoded when decoding
would cost too much. What passes is drawn anew: nothing of the uploaded file but its pixels is ever served, so neither
the place where a photo was taken nor a script hidden behind it reaches a reader.
"""

import hashlib
import io
import re
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms

MAX_BYTES = 25 * 1024 * 1024
LONGEST_SIDE = 2400
JPEG_IN_SCANS = "JPEG in several scans"
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")

# The decoders' appetite differs: a plain JPEG is scaled while it is read, one in several scans is held whole, WebP and
# AVIF hold several copies. With these limits none of them takes more than 150 MB.
MAX_PIXELS = {
    "JPEG": 100_000_000,
    JPEG_IN_SCANS: 16_000_000,
    "PNG": 12_000_000,
    "GIF": 12_000_000,
    "WEBP": 7_000_000,
    "AVIF": 7_000_000,
}
# Ordinary progressive files have about ten scans. Each costs a walk over the whole picture and may be ten bytes long.
MAX_SCANS = 50

# Decoders meet hostile bytes here, and Pillow lets through whatever its parsers stumble over.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    EOFError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
)
TOO_MANY_PIXELS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

UNREADABLE = "This is not a picture that can be read here. Use a JPEG, PNG, WebP, AVIF or GIF file."
DAMAGED = "The picture is damaged or incomplete. Download or save it again, then upload the new file."
SRGB = ImageCms.createProfile("sRGB")
ORIENTATION_TAG = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class ImageRefused(Exception):
    """The file cannot be kept; the text says why and what to do, in a sentence for the editor."""


@dataclass(frozen=True)
class Accepted:
    """A picture drawn anew, ready to be kept. `sha256` is that of the file as it was uploaded."""

    content: bytes
    extension: str
    width: int
    height: int
    sha256: str


def read(file) -> bytes:
    """The bytes of an upload, a file-like object or plain bytes, never more than the limit."""
    if isinstance(file, bytes):
        data = file
    else:
        file.seek(0)
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        megabytes = MAX_BYTES // 1024**2
        raise ImageRefused(
            f"The file is larger than {megabytes} MB. Save it {LONGEST_SIDE} pixels wide or smaller and upload that."
        )
    if not data:
        raise ImageRefused("The file is empty. Choose it again, or save it anew in the program that made it.")
    return data


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def accept(data: bytes) -> Accepted:
    """Raises ImageRefused for anything that is not a sound picture within the limits."""
    picture = _redraw(_open(data))
    extension = "png" if picture.mode == "RGBA" else "jpg"
    return Accepted(encode(picture, extension), extension, *picture.size, digest(data))


def encode(picture: Image.Image, extension: str, *, quality: int = 88) -> bytes:
    """PNG ignores the quality."""
    options = {
        "jpg": {"format": "JPEG", "quality": quality, "optimize": True, "progressive": True},
        "png": {"format": "PNG", "compress_level": 6},
        "webp": {"format": "WEBP", "quality": quality, "method": 4},
        "avif": {"format": "AVIF", "quality": quality, "speed": 8},
    }[extension]
    target = io.BytesIO()
    picture.save(target, **options)
    return target.getvalue()


def _open(data: bytes) -> Image.Image:
    """Reads the header and no pixel."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except TOO_MANY_PIXELS as error:
        raise ImageRefused("The picture has far too many pixels. Make it smaller and upload it again.") from error
    except DECODER_ERRORS as error:
        raise ImageRefused(_what_it_is_instead(data)) from error
    _refuse_costly(picture, data)
    return picture


def _refuse_costly(picture: Image.Image, data: bytes) -> None:
    kind = picture.format if picture.format in MAX_PIXELS else "JPEG"  # a phone's "MPO" is a JPEG with a second one
    if kind == "JPEG":
        scans = _count_scans(data)
        if scans > MAX_SCANS:
            raise ImageRefused("This JPEG file is built to be slow to open. Save it anew in a picture editor.")
        kind = JPEG_IN_SCANS if scans > 1 else kind
    width, height = picture.size
    if width * height > MAX_PIXELS[kind]:
        raise ImageRefused(
            f"The picture has {width} × {height} pixels, more than the {MAX_PIXELS[kind] // 1_000_000} million that "
            f"a file of its kind may have ({kind}). Make it smaller and upload it again."
        )


def _count_scans(data: bytes) -> int:
    """Counts the start-of-scan markers of the first picture in a JPEG file."""
    position, scans = 2, 0
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return scans
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == 0xD9:
            return scans
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == 0xDA:
            scans += 1
            after_scan = _MARKER_AFTER_SCAN.search(data, position)
            if after_scan is None:
                return scans
            position = after_scan.start()
    return scans


# Within a scan, FF is followed by a stuffed zero or a restart marker.
_MARKER_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def _redraw(picture: Image.Image) -> Image.Image:
    """The first frame in sRGB, upright, within LONGEST_SIDE, without metadata; RGBA only if it is see-through."""
    try:
        turned = UPRIGHT.get(_orientation(picture))
        size = _fitted(picture.size)
        picture.draft(None, size)
        picture = _in_simple_mode(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        picture = _in_srgb(picture)
        if turned is not None:
            picture = picture.transpose(turned)
    except DECODER_ERRORS + TOO_MANY_PIXELS as error:
        raise ImageRefused(DAMAGED) from error
    if picture.mode == "RGBA" and picture.getextrema()[3] == (255, 255):
        picture = picture.convert("RGB")
    # Pillow writes a comment or a profile from here into the new file.
    picture.info.clear()
    return picture


def _orientation(picture: Image.Image) -> int:
    """Damaged camera data cost a photo its turn, not its place."""
    try:
        return picture.getexif().get(ORIENTATION_TAG, 1)
    except DECODER_ERRORS:
        return 1


def _fitted(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _in_simple_mode(picture: Image.Image) -> Image.Image:
    """RGBA, or what a colour profile may describe: grey, RGB, CMYK."""
    if picture.has_transparency_data:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    if picture.mode in ("L", "RGB", "CMYK"):
        return picture
    if picture.mode.startswith("I"):  # sixteen bits, which `convert` would cut off instead of scaling
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    return picture.convert("RGB")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Browsers take a picture without a profile for sRGB. A profile that cannot be applied is dropped."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            return ImageCms.profileToProfile(picture, io.BytesIO(profile), SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, *DECODER_ERRORS):
            pass
    return picture if picture.mode == mode else picture.convert(mode)


def _what_it_is_instead(data: bytes) -> str:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "This is an SVG drawing, which can carry scripts. Export it as PNG and upload that."
    if head.startswith(b"%pdf"):
        return "This is a PDF document. Save the page you need as PNG or JPEG and upload that."
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<script", b"<head", b"<body")):
        return "This is a web page and not a picture. Save the picture itself and upload that."
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        return "This is a HEIC photo, which browsers cannot show. Export it as JPEG and upload that."
    if data[:4] in (b"II*\x00", b"MM\x00*") or data[:2] == b"BM":
        return "This is a TIFF or BMP file. Save it as PNG or JPEG and upload that."
    starts = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
    return DAMAGED if data.startswith(starts) or data[8:12] == b"avif" else UNREADABLE
