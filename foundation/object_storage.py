"""
Uploaded files in an S3-compatible store. Their names are random and their content never changes, so readers fetch them
without a signature, from the address that MEDIA_URL names, and may keep them for good.
"""

import mimetypes

from django.conf import settings
from storages.backends.s3 import S3Storage

mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")

KEPT = "public, max-age=31536000, immutable"


class PublicFiles(S3Storage):
    def get_default_settings(self):
        """A second writing under one name replaces the first whole, as the store does it anyway."""
        public = {"file_overwrite": True, "querystring_auth": False, "default_acl": None}
        return {**super().get_default_settings(), **public, "object_parameters": {"CacheControl": KEPT}}

    def url(self, name, parameters=None, expire=None, http_method=None):
        return f"{settings.MEDIA_URL}{name}"
