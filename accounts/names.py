"""
May somebody be called this? The app that shows readers' names to the public knows whom nobody may pass for, and says
so here once.
"""

import unicodedata
from collections.abc import Callable

from accounts.models import User

_asked: list[Callable[[str, User], str]] = []


def register(trouble: Callable[[str, User], str]) -> None:
    """`trouble` answers with words for the person who typed the name, or with nothing when it is a good one."""
    _asked[:] = [trouble]


def trouble_with(name: str, user: User) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs") for character in name):
        return "The name contains characters that cannot be seen. Type it again by hand."
    return _asked[0](name, user) if _asked else ""
