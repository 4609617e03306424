"""
Copies of the database and the pictures: made while the site runs (`making`), put back (`restoring`). What the two
databases do differently stands in `sqlite` and `postgresql`. Apps say which files their rows name, and what has to be
done once another database stands in the place of the one that processes knew.
"""

from collections.abc import Callable, Iterable

from django.dispatch import Signal

FileNames = Callable[[str], Iterable[str]]

# After a copy was put back, before anybody is let in.
restored = Signal()

_files: list[FileNames] = []


class BackupFailed(Exception):
    """Nothing usable was made or put back; the message says why and what to do."""


def register_files(names: FileNames) -> None:
    """`names` is given the name of a connection and answers with the names in the storage of every file it needs."""
    _files.append(names)


def files_named_in(using: str) -> set[str]:
    return {name for names in _files for name in names(using)}
