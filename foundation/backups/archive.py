"""
A backup on disk: a folder with the database, the pictures and `manifest.json`, which holds the size and digest of each
file. It has its name only once it is whole.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from foundation.backups import BackupFailed

MANIFEST, MEDIA = "manifest.json", "media"
FORMAT = 1
UNFINISHED = ".part"
_CHUNK = 1024 * 1024


@dataclass
class Manifest:
    made_at: str
    site: str
    database: str
    migrations: dict[str, list[str]]
    format: int = FORMAT
    files: dict[str, dict] = field(default_factory=dict)  # name in the backup -> bytes, sha256
    missing: list[str] = field(default_factory=list)  # pictures that rows name and the storage had not

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True))

    def note(self, folder: Path, name: str) -> None:
        self.files[name] = told(folder / name)

    @property
    def media(self) -> Iterator[str]:
        return (name.removeprefix(f"{MEDIA}/") for name in self.files if name.startswith(f"{MEDIA}/"))


def read(folder: Path) -> Manifest:
    try:
        written = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError as error:
        raise BackupFailed(f"{folder} is no backup: it holds no {MANIFEST}.") from error
    except ValueError as error:
        raise BackupFailed(f"{folder / MANIFEST} cannot be read: {error}") from error
    if written.get("format") != FORMAT:
        raise BackupFailed(f"{folder} was made by another version of this program (format {written.get('format')}).")
    return Manifest(**written)


def verify(folder: Path, manifest: Manifest) -> None:
    """Every file is there and is what was written."""
    for name, written in manifest.files.items():
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()):
            raise BackupFailed(f"The backup names a file outside of itself: {name}")
        if not file.is_file():
            raise BackupFailed(f"The backup is not whole: {name} is missing.")
        if file.stat().st_size != written["bytes"] or digest(file) != written["sha256"]:
            raise BackupFailed(f"The backup is damaged: {name} is not what was written.")


def told(file: Path) -> dict:
    return {"bytes": file.stat().st_size, "sha256": digest(file)}


def digest(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_CHUNK):
            found.update(piece)
    return found.hexdigest()


def name_for(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H-%M-%SZ}"


def whole_ones(folder: Path) -> list[Path]:
    """The oldest first."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.endswith(UNFINISHED))
