"""
The servers find what production installs. Libraries look for others and load what is there: Stripe's takes in five
megabytes that only the tests need.
"""

import importlib.metadata
import re
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent.parent / "requirements.txt"


def without_the_rest(folder: Path) -> dict[str, str]:
    """To be added to a server's environment; `folder` takes modules that stand before those of the tests."""
    folder.mkdir()
    for name in the_rest():
        (folder / f"{name}.py").write_text("raise ImportError('Not installed in production')\n")
    return {"PYTHONPATH": str(folder)}


def the_rest() -> list[str]:
    """Modules that belong to no package in requirements.txt."""
    wanted = {_plain(name) for name in re.findall(r"^([\w.-]+)==", REQUIREMENTS.read_text(), flags=re.MULTILINE)}
    owners = importlib.metadata.packages_distributions()
    return sorted(name for name, packages in owners.items() if wanted.isdisjoint(map(_plain, packages)))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
