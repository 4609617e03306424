"""What django-allauth's second factors ask of us: how secrets lie in the database, and what the site is called."""

import base64
import hashlib
import hmac

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

from foundation import identity


class SecondFactorAdapter(DefaultMFAAdapter):
    """
    A copy of the database alone must not open the desk. The key comes from the one secret that never changes, so that
    a new SECRET_KEY locks nobody out.
    """

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return identity.site_name()


def _cipher() -> Fernet:
    key = hmac.new(settings.BACKER_HASH_KEY.encode(), b"accounts.staff second factor", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
