"""The list of requirements names tests that are there."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
LIST = TESTS.parent / "docs" / "asvs.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def missing(text: str) -> list[str]:
    """What a row names that is not there, and rows that name nothing."""
    found = []
    for number, shown_by in ROW.findall(text):
        named = NAMED.findall(shown_by)
        found += [] if named else [number]
        found += [f"{number} {path}::{test}" for path, test in named if not is_there(TESTS / path, test)]
    return found


def is_there(path: Path, test: str) -> bool:
    return path.is_file() and re.search(rf"^def {test}\(", path.read_text(), re.MULTILINE) is not None


def test_every_requirement_is_shown_by_tests_that_are_there():
    text = LIST.read_text()
    assert len(ROW.findall(text)) == text.count("\n| ") - 1  # but for the head of the table
    assert missing(text) == []


def test_a_test_that_is_gone_is_found():
    row = "| 1.1.1 | something | `site/test_asvs.py::test_that_never_was` |\n| 1.1.2 | other | nothing |\n"
    assert missing(row) == ["1.1.1 site/test_asvs.py::test_that_never_was", "1.1.2"]


def test_each_requirement_stands_once_and_in_order():
    numbers = [tuple(map(int, number.split("."))) for number, _shown in ROW.findall(LIST.read_text())]
    assert numbers == sorted(set(numbers))
