"""
How a commenter may sign: with any name that can be read, but not with one that lets readers take them for somebody who
works here. Names are compared as they look, not as they are spelled.
"""

import unicodedata
from collections.abc import Iterable

from django.db.models import Q

from accounts.models import User
from articles.models import Author, Masthead
from comments import folding
from comments.findings import Refused
from comments.tricks import DIRECTION_MARKS, EMBEDDINGS, ISOLATES, refuse_tricks

LONGEST = 60
ROLES = {
    "author", "authors", "editor", "editors", "admin", "admins", "administrator", "administrators", "moderator",
    "moderators", "mod", "mods", "staff", "webmaster", "publisher", "sysadmin", "support", "newsroom",
    "editorial",
}  # fmt: skip
# Alone or around a role they make nobody in particular: “The Moderators”, “Official Editor Team”.
FILLERS = {
    "the",
    "a",
    "an",
    "of",
    "from",
    "at",
    "in",
    "chief",
    "official",
    "team",
    "desk",
    "site",
    "senior",
    "your",
    "our",
}
TAKEN = "This name belongs to somebody who works here. Please sign with another."
WRITE_A_NAME = "Write a name to sign with."
# After case and other alphabets are out of the way: what still looks alike.
LOOKS_LIKE = str.maketrans("0134578!|$@€6", "oleastbiisaeb")


def checked(name: str, *, user: User | None = None, reserved: str = "") -> str:
    """
    The name as it is stored. `user` is who has shown to be signed in: staff sign as they like, an author with their
    own name. Raises Refused.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(character.isalnum() for character in name):
        raise Refused(WRITE_A_NAME, field="name")
    if len(name) > LONGEST:
        raise Refused(f"The name is too long: at most {LONGEST} characters.", field="name")
    refuse_tricks(name, field="name")
    if any(sign in name for sign in DIRECTION_MARKS + EMBEDDINGS + ISOLATES):
        raise Refused("Write the name without signs that turn the direction of writing.", field="name")
    if "://" in name or name.casefold().startswith("www."):
        raise Refused("A name cannot be an address. Links belong into the comment.", field="name")
    if not (user and user.is_at_desk) and is_protected(name, user=user, reserved=reserved):
        raise Refused(TAKEN, field="name")
    return name


def is_protected(name: str, *, user: User | None = None, reserved: str = "") -> bool:
    """Whether readers would take it for the site's, its staff's or its authors' own."""
    looks = look(name)
    site = Masthead.load().site_name
    if looks in {look(taken) for taken in (site, *reserved.splitlines()) if look(taken)}:
        return True
    return _claims_a_role(name, site) or looks in {look(taken) for taken in _names_here(user)}


def look(name: str) -> str:
    """Letters alone, as they look: “Ｊａne D0e” and “Jаne  Doe” with a Cyrillic а are one."""
    visible = folding.visible(name)
    latin = "".join(folding.LOOKALIKES.get(character, character) for character in visible).casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(sign))
    alike = bare.translate(LOOKS_LIKE).replace("rn", "m").replace("vv", "w")
    # i, l and 1 are one stroke in most type.
    return "".join(sign for sign in alike if sign.isalnum()).replace("l", "i")


def _claims_a_role(name: str, site: str) -> bool:
    """A role by itself or with nothing beside it but the site's name and filling words. “Max Editor” is a person."""
    words = [look(word) for word in name.replace("-", " ").replace("_", " ").replace(".", " ").split()]
    words = [word for word in words if word]
    roles = {look(role) for role in ROLES}
    beside = {look(word) for word in FILLERS} | {look(word) for word in site.split()}
    whole = "".join(words)
    has_role = any(word in roles for word in words) or whole in roles or whole.removeprefix(look("the")) in roles
    return has_role and (
        whole in roles or all(word in roles | beside for word in words) or whole.removeprefix(look("the")) in roles
    )


def _names_here(user: User | None) -> Iterable[str]:
    """Of everybody but the one who asks."""
    asking = user.pk if user else None
    authors = Author.objects.exclude(Q(user__isnull=False) & Q(user=asking)) if asking else Author.objects.all()
    yield from authors.values_list("name", flat=True)
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(name="").exclude(pk=asking)
    yield from staff.values_list("name", flat=True)
