"""By what addresses are known again: keyed digests of the address, and of the mailbox that several may lead to."""

import hashlib
import hmac

from django.conf import settings

from foundation.letters import fold

# Where dots before the @ mean nothing. Elsewhere they may well tell two people apart.
DOTS_MEAN_NOTHING = ("gmail.com", "googlemail.com")


def address_digest(address: str) -> str:
    """By which a person is found who was erased while banned: keyed, since addresses can be guessed."""
    told = f"comments.address\n{fold(address)}".encode()
    return hmac.new(settings.BACKER_HASH_KEY.encode(), told, hashlib.sha256).hexdigest()


def mailbox(address: str) -> str:
    """
    The address without what its provider ignores. What follows a plus is taken for such: where it is not, two people
    are taken for one, so nothing follows from this but that a moderator looks.
    """
    local, _, domain = fold(address).rpartition("@")
    plain = local.partition("+")[0] or local
    if domain in DOTS_MEAN_NOTHING:
        plain, domain = plain.replace(".", "") or plain, DOTS_MEAN_NOTHING[0]
    return f"{plain}@{domain}"


def digest(address: str) -> str:
    return address_digest(mailbox(address))
