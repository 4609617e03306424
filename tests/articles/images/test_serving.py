"""Pictures over HTTP, and what becomes of uploads without end."""

import io

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser

from articles import images
from articles.images import check, uploads
from foundation import headers

from . import files


@pytest.fixture
def image(db):
    return images.store(files.encoded(files.picture()), title="A picture")


def test_a_picture_is_served_for_ever_and_can_do_nothing_but_be_looked_at(client, image):
    response = client.get(images.address(image))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == image.file.read()
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Security-Policy"] == headers.INERT
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response
    assert "Vary" not in response
    image.file.close()


@pytest.mark.parametrize("format", ["avif", "webp", "jpg"])
def test_every_size_has_its_own_type(client, image, format):
    images.make_renditions(image)
    response = client.get(images.address(image, 60, format))
    assert response["Content-Type"] == {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}[format]
    response.close()


def test_a_head_request_is_answered_and_a_post_is_not(client, image):
    response = client.head(images.address(image))
    assert response.status_code == 200
    response.close()
    assert client.post(images.address(image)).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("path", [
    "",
    "images/",
    "images/ab/",
    "images/ab/ab34567890123456/",
    "images/ab/ab34567890123456/480.jpg",
    "images/ab/ab34567890123456/480.html",
    "images/../../secret.txt",
    "images/%2e%2e/%2e%2e/secret.txt",
    "images/ab/..%2f..%2f..%2fsecret.txt",
    "../secret.txt",
    "//etc/passwd",
    "images/ab/ab34567890123456/480.jpg%00",
    "images/ab/ab34567890123456/480.jpg%0a",
    "secret.txt",
])  # fmt: skip
def test_nothing_else_is_served_and_no_folder_is_listed(client, media_folder, path):
    media_folder.mkdir(parents=True, exist_ok=True)
    (media_folder / "secret.txt").write_text("secret")
    (media_folder.parent / "secret.txt").write_text("secret")
    assert client.get(f"/media/{path}").status_code in (301, 404)


def test_a_file_without_end_is_cut_off_while_it_arrives_and_then_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 100_000)
    monkeypatch.setattr(check, "MAX_BYTES", 100_000)
    upload = received(b"\xff\xd8" * 500_000)
    assert upload.size == 100_001
    with pytest.raises(images.ImageRefused, match="larger"):
        check.read(upload)


def test_a_file_within_the_limit_arrives_whole(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 100_000)
    data = bytes(range(250)) * 400
    assert received(data).read() == data


def received(data: bytes):
    """The upload as the two handlers leave it."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + data + b"\r\n--x--\r\n"
    meta = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": len(body)}
    handlers = [uploads.CutLargeFiles(), MemoryFileUploadHandler()]
    return MultiPartParser(meta, io.BytesIO(body), handlers).parse()[1]["file"]
