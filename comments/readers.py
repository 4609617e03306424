"""
How somebody who recommends or reports is remembered: by a keyed digest, so that a list of them names nobody. Of a
person it is made here; a browser that is nobody's brings the random key of its own cookie (`comments.identity`).
"""

import hashlib
import hmac

from django.conf import settings

from comments.models import Commenter


def key_of(commenter: Commenter) -> str:
    """The same in every browser that is this person's: 64 hexadecimal digits."""
    told = f"comments.readers\n{commenter.uid}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()
