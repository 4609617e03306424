"""What may be kept, and what is refused before it can do harm."""

import io
import random

import pytest
from PIL import Image, ImageCms

from articles.images import check
from articles.images.check import ImageRefused, accept

from . import files


def refusal(data: bytes) -> str:
    with pytest.raises(ImageRefused) as raised:
        accept(check.read(data))
    return str(raised.value)


@pytest.mark.parametrize("kind", files.FORMATS)
def test_every_offered_format_is_accepted_and_drawn_anew(kind):
    data = files.encoded(files.picture(), kind)
    accepted = accept(data)
    assert (accepted.width, accepted.height, accepted.extension) == (60, 40, "jpg")
    assert accepted.content != data
    left, right = files.opened(accepted.content).getpixel((5, 20)), files.opened(accepted.content).getpixel((55, 20))
    assert left[0] > 200 > right[0]
    assert right[2] > 200 > left[2]


@pytest.mark.parametrize("kind", files.FORMATS)
def test_nothing_of_the_file_but_its_pixels_survives(kind):
    data = files.full_of_metadata(kind)
    assert data.count(files.SECRET) >= (4 if kind == "JPEG" else 2)
    accepted = accept(data)
    kept = files.opened(accepted.content)
    assert files.SECRET not in accepted.content
    assert not dict(kept.getexif())
    assert not {"exif", "xmp", "icc_profile", "comment", "Comment", "XML:com.adobe.xmp"} & set(kept.info)


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "avif"])
def test_sizes_made_of_a_kept_file_carry_no_metadata_either(extension):
    kept = files.opened(accept(files.full_of_metadata("JPEG")).content)
    content = check.encode(kept.resize((30, 20)), extension)
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(files.opened(content).info)


@pytest.mark.parametrize(("orientation", "size", "red_at"), [
    (1, (60, 40), (5, 20)),
    (2, (60, 40), (55, 20)),
    (3, (60, 40), (55, 20)),
    (6, (40, 60), (20, 5)),
    (8, (40, 60), (20, 55)),
])  # fmt: skip
def test_a_photo_is_turned_as_the_camera_was_held(orientation, size, red_at):
    accepted = accept(files.encoded(files.picture(), exif=files.exif_with_place(orientation)))
    assert (accepted.width, accepted.height) == size
    assert files.opened(accepted.content).getpixel(red_at)[0] > 200


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_transparency_is_kept(kind):
    accepted = accept(files.encoded(files.picture(mode="RGBA"), kind))
    assert accepted.extension == "png"
    kept = files.opened(accepted.content)
    assert kept.getpixel((5, 20))[3] == 255
    assert kept.getpixel((55, 20))[3] == 0


def test_an_alpha_channel_that_hides_nothing_costs_no_png():
    assert accept(files.encoded(files.picture().convert("RGBA"), "PNG")).extension == "jpg"


def test_of_an_animation_the_first_frame_is_kept():
    frames = [files.picture().quantize(), files.picture(colour=("lime", "lime")).quantize()]
    data = files.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert files.opened(data).n_frames == 2
    assert files.opened(accept(data).content).getpixel((5, 20))[0] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_mode_of_pixels_becomes_one_that_browsers_show(mode):
    if mode == "CMYK":
        data = files.encoded(files.picture().convert("CMYK"), "JPEG")
    elif mode == "I;16":
        data = files.encoded(Image.new(mode, (60, 40), 40_000), "PNG")
    else:
        data = files.encoded(files.picture().convert(mode), "PNG")
    kept = files.opened(accept(data).content)
    assert kept.mode == "RGB"
    assert kept.size == (60, 40)


def test_sixteen_bits_a_pixel_keep_their_brightness():
    kept = files.opened(accept(files.encoded(Image.new("I;16", (60, 40), 128 * 256), "PNG")).content)
    assert abs(kept.getpixel((5, 5))[0] - 128) <= 2


def test_colours_are_converted_to_srgb():
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    swapped = _profile_with_red_and_blue_swapped()
    plain = files.opened(accept(files.encoded(files.picture(), "PNG")).content).getpixel((5, 20))
    converted = files.opened(accept(files.encoded(files.picture(), "PNG", icc_profile=swapped)).content)
    assert plain[0] > 200 > plain[2]
    assert converted.getpixel((5, 20))[2] > 200 > converted.getpixel((5, 20))[0]
    for useless in (wide, b"no profile at all"):
        kept = files.opened(accept(files.encoded(files.picture(), "PNG", icc_profile=useless)).content)
        assert kept.getpixel((5, 20)) == plain


def _profile_with_red_and_blue_swapped() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tmp_").replace(b"bXYZ", b"rXYZ").replace(b"tmp_", b"bXYZ")
    assert swapped != profile
    return swapped


def test_a_large_photo_is_kept_at_a_useful_size():
    accepted = accept(files.encoded(files.picture((4000, 3000)), "JPEG"))
    assert (accepted.width, accepted.height) == (2400, 1800)


def test_a_small_picture_is_never_enlarged():
    accepted = accept(files.encoded(files.picture((3, 1)), "PNG"))
    assert (accepted.width, accepted.height) == (3, 1)


def test_a_sliver_keeps_at_least_a_line():
    accepted = accept(files.encoded(files.picture((9000, 1)), "PNG"))
    assert (accepted.width, accepted.height) == (2400, 1)


# Disguises


@pytest.mark.parametrize(("data", "words"), [
    (files.SVG, "SVG"),
    (b"\xef\xbb\xbf  " + files.SVG, "SVG"),
    (files.HTML, "web page"),
    (files.PDF, "PDF"),
    (files.HEIC, "HEIC"),
    (b"II*\0" + b"\0" * 40, "TIFF"),
    (files.POSTSCRIPT, "cannot be read|can be read here"),
    (b"hello", "can be read here"),
    (b"\0" * 5000, "can be read here"),
    (b"", "empty"),
])  # fmt: skip
def test_what_is_no_picture_is_refused_with_a_sentence_that_helps(data, words):
    assert any(part in refusal(data) for part in words.split("|"))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA"])
def test_formats_outside_the_list_never_reach_their_decoder(kind):
    data = files.encoded(files.picture(), kind)
    assert refusal(data)
    with Image.open(io.BytesIO(data)) as readable:  # Pillow itself would have taken it
        assert readable.size[0] > 0


def test_a_script_hidden_behind_a_picture_is_gone():
    data = files.encoded(files.picture(), "GIF") + files.HTML
    accepted = accept(data)
    assert b"script" in data
    assert b"script" not in accepted.content


# Bombs


def test_a_picture_of_20000_by_20000_is_refused():
    assert "pixels" in refusal(files.png_that_claims(20_000, 20_000))


def test_too_many_pixels_are_refused_before_they_are_decoded(monkeypatch):
    bomb = files.png_that_claims(6000, 6000)
    monkeypatch.setattr(Image.Image, "draft", lambda *arguments: pytest.fail("decoding began"), raising=False)
    sentence = refusal(bomb)
    assert len(bomb) < 100_000
    assert "6000 × 6000 pixels" in sentence
    assert "Make it smaller" in sentence


def test_without_the_limit_on_pixels_the_same_bomb_is_accepted(monkeypatch):
    monkeypatch.setitem(check.MAX_PIXELS, "PNG", 40_000_000)
    assert accept(files.png_that_claims(6000, 6000)).width == 2400


@pytest.mark.parametrize("kind", files.FORMATS)
def test_each_format_has_its_limit(kind, monkeypatch):
    data = files.encoded(files.picture((100, 100)), kind)
    assert accept(data).width == 100
    monkeypatch.setitem(check.MAX_PIXELS, kind, 9_999)
    assert "100 × 100 pixels" in refusal(data)


def test_a_jpeg_that_has_to_be_held_whole_has_a_lower_limit(monkeypatch):
    monkeypatch.setitem(check.MAX_PIXELS, check.JPEG_IN_SCANS, 9_999)
    assert accept(files.encoded(files.picture((100, 100)), "JPEG")).width == 100
    assert "100 × 100" in refusal(files.encoded(files.picture((100, 100)), "JPEG", progressive=True))


def test_a_jpeg_of_endless_scans_is_refused(monkeypatch):
    slow = files.jpeg_of_many_scans(60)
    assert "slow" in refusal(slow)
    assert accept(files.jpeg_of_many_scans(5)).width == 60
    monkeypatch.setattr(check, "MAX_SCANS", 1000)
    assert accept(slow).width == 60


def test_a_comment_that_unpacks_to_many_megabytes_is_refused():
    png = files.encoded(files.picture(), "PNG")
    assert "damaged" in refusal(files.with_text_bomb(png, 80))


def test_a_file_that_is_too_large_is_refused_and_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(check, "MAX_BYTES", 1024**2)
    endless = io.BytesIO(b"\xff\xd8" * 3 * 1024**2)
    with pytest.raises(ImageRefused, match="larger than 1 MB"):
        check.read(endless)
    assert endless.tell() == 1024**2 + 1


# Damage


@pytest.mark.parametrize("kind", files.FORMATS)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_refused(kind, part):
    noise = Image.effect_noise((200, 150), 60).convert("RGB")
    data = files.encoded(noise, kind)
    assert accept(data).width == 200
    assert "damaged" in refusal(data[: int(len(data) * part)])


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", files.FORMATS)
def test_a_damaged_file_is_accepted_or_refused_and_raises_nothing_else(kind):
    dice = random.Random(kind)
    sound = files.full_of_metadata(kind)
    outcomes = set()
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(dice.randint(1, 12)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            outcomes.add(type(accept(bytes(data))))
        except ImageRefused as refused:
            outcomes.add(type(refused))
    assert ImageRefused in outcomes
