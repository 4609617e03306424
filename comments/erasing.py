"""The link that a person has mailed to themselves in order to be forgotten; it works once, and within a day."""

import datetime as dt
import uuid

from django.db import transaction

from comments import letters, persons
from comments.models import Commenter
from foundation import clock, letter_paper, limits, links
from foundation import letters as foundation_letters

PURPOSE = "comments.erase"
LINK_GOOD_FOR = dt.timedelta(days=1)
PER_PERSON = 3


def send_link(person: Commenter) -> bool:
    """False when enough such letters went out today. To people who stopped other mail as well."""
    if not limits.hit("comments.erase", person.uid.hex, limit=PER_PERSON, window=LINK_GOOD_FOR):
        return False
    letter_key = uuid.uuid4().hex
    url = letter_paper.address("comments_erase", token_for(person, letter_key))
    words = letter_paper.render("comments/letters/erase", name=person.name, url=url)
    foundation_letters.post(f"{letters.ERASE}:{letter_key}", person.email, *words)
    return True


def token_for(person: Commenter, nonce: str) -> str:
    return links.sign(PURPOSE, f"{person.uid.hex}.{nonce}", expires_at=clock.now() + LINK_GOOD_FOR)


def read(token: str) -> Commenter:
    """Raises what `foundation.links.read` raises, and LinkSpent for a link that can do nothing any more."""
    person = _person(links.read(PURPOSE, token))
    if person is None or links.is_spent(PURPOSE, token):
        raise links.LinkSpent
    return person


@transaction.atomic
def erase(token: str, *, keeps_words: bool) -> None:
    """Raises what `foundation.links.spend` raises."""
    person = _person(links.spend(PURPOSE, token))
    if person is None:
        raise links.LinkSpent
    persons.erase(person, keeps_words=keeps_words)


def _person(value: str) -> Commenter | None:
    return Commenter.objects.filter(uid=value.partition(".")[0], erased_at=None).first()
