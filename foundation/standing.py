"""
Is this address a backer's? The app that keeps the answer says so once; another may ask without knowing that app. The
answer is yes or no, never an amount.
"""

from collections.abc import Callable

_asked: list[Callable[[str], bool]] = []


def register(is_backer: Callable[[str], bool]) -> None:
    """`is_backer` takes an e-mail address in any spelling."""
    _asked[:] = [is_backer]


def is_backer(address: str) -> bool:
    """Whether somebody with this address backs the present quarter or the next; no while nobody keeps that."""
    return bool(address and _asked and _asked[0](address))
