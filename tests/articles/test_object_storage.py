"""Pictures in an S3-compatible store: a local server speaks its protocol, and nothing of the library is replaced."""

import io
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from PIL import Image as Pillow

from articles import images
from articles.images import paths
from articles.images.renditions import make_renditions
from articles.models import Image
from tests import factories

PROJECT = Path(__file__).resolve().parent.parent.parent
BUCKET, PUBLIC = "pictures", "https://pictures.example.org/"
KEYS = {"access_key": "only", "secret_key": "for-tests"}


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, settings):
    """An empty bucket, in which the library keeps its pictures."""
    resource = boto3.resource(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )
    bucket = resource.create_bucket(Bucket=BUCKET)
    reading = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    bucket.Policy().put(Policy=json.dumps({"Version": "2012-10-17", "Statement": [reading]}))
    options = {"bucket_name": BUCKET, "endpoint_url": server, "region_name": "us-east-1", **KEYS}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "foundation.object_storage.PublicFiles", "OPTIONS": options},
    }
    settings.MEDIA_URL = PUBLIC
    yield bucket
    bucket.objects.delete()
    bucket.delete()


@pytest.fixture
def picture(bucket, db) -> Image:
    data = io.BytesIO()
    Pillow.new("RGB", (500, 300), (200, 40, 40)).save(data, "PNG")
    image = images.store(data.getvalue(), title="A red field")
    make_renditions(image)
    return image


def kept(bucket) -> set[str]:
    return {found.key for found in bucket.objects.all()}


def test_a_picture_and_all_its_sizes_are_kept_there(picture, bucket):
    assert kept(bucket) == paths.all_file_names(picture)
    assert len(kept(bucket)) == 6  # two widths in three formats


def test_what_is_kept_says_what_it_is_and_that_it_never_changes(picture, bucket):
    types = {found.key.rpartition(".")[2]: found.Object().content_type for found in bucket.objects.all()}
    assert types == {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
    assert {found.Object().cache_control for found in bucket.objects.all()} == {"public, max-age=31536000, immutable"}


def test_making_the_sizes_again_writes_over_them(picture, bucket):
    before = kept(bucket)
    make_renditions(picture)
    assert kept(bucket) == before


def test_pages_name_the_public_address_and_carry_no_signature(picture):
    address = images.address(picture, 480, "webp")
    assert address == f"{PUBLIC}{paths.file_name(picture.key, 480, 'webp')}"
    shown = str(images.picture_html(picture, sizes="100vw"))
    assert shown.count(PUBLIC) >= 6
    assert "X-Amz" not in shown


def test_removing_a_picture_removes_every_file(picture, bucket, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        images.remove(picture)
    assert kept(bucket) == set()


@pytest.mark.parametrize("place", ["/media/", PUBLIC])
def test_texts_find_their_pictures_under_the_old_address_and_the_new(picture, place, client):
    source = f"{place}{picture.file.name}"
    article = factories.published(body=f'<p>Words</p><figure><img src="{source}" alt="Red"></figure>')
    assert f'src="{PUBLIC}{paths.file_name(picture.key, 500, "jpg")}"' in client.get(article.get_absolute_url()).text
    assert images.key_in_address(f"https://elsewhere.example/{picture.file.name}") is None


def test_the_site_can_hand_them_out_itself(picture, client):
    response = client.get(f"/media/{picture.file.name}")
    assert response.status_code == 200
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"
    assert client.get(f"/media/{picture.file.name.replace('500.', '501.')}").status_code == 404


def test_what_readers_fetch_is_what_was_kept(picture, server):
    with default_storage.open(picture.file.name) as file:
        told = file.read()
    with urllib.request.urlopen(f"{server}/{BUCKET}/{picture.file.name}", timeout=10) as answer:
        assert answer.read() == told


def policy(**environ: str) -> str:
    code = "from django.conf import settings as s; print(s.SECURE_CSP['img-src'], s.STORAGES['default']['BACKEND'])"
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **environ}
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environ, capture_output=True, text=True)
    return done.stdout or done.stderr


def test_the_settings_let_that_host_into_the_policy_and_no_other():
    assert "https:" not in policy()
    told = policy(MEDIA_URL="https://pictures.example.org/site", S3_BUCKET=BUCKET, S3_ACCESS_KEY="a", S3_SECRET_KEY="b")
    assert "'https://pictures.example.org']" in told
    assert "foundation.object_storage.PublicFiles" in told


def test_a_bucket_without_its_key_is_no_start():
    assert "S3_ACCESS_KEY" in policy(S3_BUCKET=BUCKET)
