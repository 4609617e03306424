"""The production settings, on a database and folders that belong to the test run alone."""

import atexit
import os
import shutil
import tempfile


def folder_for_this_run(purpose: str) -> str:
    folder = tempfile.mkdtemp(prefix=f"antiempire-{purpose}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


os.environ.setdefault("ENV_FILE", os.devnull)
os.environ.setdefault("SECRET_KEY", "tests-" + "x" * 50)
os.environ.setdefault("BACKER_HASH_KEY", "tests-" + "y" * 50)
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ.setdefault("CACHE_URL", "locmemcache://")
os.environ.setdefault("MEDIA_ROOT", folder_for_this_run("media"))
os.environ.setdefault("STATIC_ROOT", folder_for_this_run("static"))
os.environ.setdefault("SERVE_MEDIA", "true")

from antiempire.settings import *  # noqa: E402, F403

STAFF_SECOND_FACTOR = False  # but in tests/accounts/staff
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
