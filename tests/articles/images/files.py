"""Files as editors and attackers send them."""

import io
import struct
import zlib

from PIL import ExifTags, Image, ImageCms, PngImagePlugin

SECRET = b"met the source at 51.5N"
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]


def picture(size=(60, 40), mode="RGB", colour=None) -> Image.Image:
    """Left half red, right half blue, so that turning it shows."""
    left, right = colour or {"RGB": ("red", "blue"), "RGBA": ((255, 0, 0, 255), (0, 0, 255, 0))}[mode]
    drawn = Image.new(mode, size, left)
    drawn.paste(right, (size[0] // 2, 0, *size))
    return drawn


def encoded(drawn: Image.Image, format="JPEG", **options) -> bytes:
    target = io.BytesIO()
    drawn.save(target, format, **options)
    return target.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def exif_with_place(orientation=1) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 30.0, 26.0)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = SECRET
    return exif


def full_of_metadata(format: str) -> bytes:
    """SECRET stands in everything that the format can carry beside pixels."""
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()) + SECRET
    options = {"exif": exif_with_place(), "xmp": xmp, "icc_profile": bytes(profile)}
    if format == "JPEG":
        return encoded(picture(), "JPEG", comment=SECRET, **options) + SECRET
    if format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options.pop("xmp")
        return encoded(picture(), "PNG", pnginfo=text, **options) + SECRET
    if format == "GIF":
        return encoded(picture().quantize(), "GIF", comment=SECRET) + SECRET
    return encoded(picture(), format, **options) + SECRET


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny file: one black and white picture of any size, whose rows are all zero."""
    rows = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    data = b"".join(rows.compress(row) for _ in range(height)) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def with_text_bomb(png: bytes, megabytes: int) -> bytes:
    """Adds a compressed comment that unpacks to so many megabytes."""
    comment = b"Comment\0\0" + zlib.compress(b"x" * megabytes * 1024**2, 9)
    end_of_header = 8 + 25
    return png[:end_of_header] + _chunk(b"zTXt", comment) + png[end_of_header:]


def jpeg_of_many_scans(scans: int) -> bytes:
    """Repeats the last scan of a progressive file, each of which the decoder walks through."""
    progressive = encoded(picture(), "JPEG", progressive=True)
    last_scan = progressive[progressive.rindex(b"\xff\xda") : -2]
    return progressive[:-2] + last_scan * scans + b"\xff\xd9"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
HTML = b"<!DOCTYPE html><title>x</title><script>alert(1)</script>"
PDF = b"%PDF-1.7\n1 0 obj\n"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"
