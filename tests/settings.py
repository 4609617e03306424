"""The production settings, on a database and folders that belong to the test run alone."""

import os
import tempfile

os.environ.setdefault("ENV_FILE", os.devnull)
os.environ.setdefault("SECRET_KEY", "tests-" + "x" * 50)
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ.setdefault("CACHE_URL", "locmemcache://")
os.environ.setdefault("MEDIA_ROOT", tempfile.mkdtemp(prefix="antiempire-media-"))
os.environ.setdefault("SERVE_MEDIA", "true")

from antiempire.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
