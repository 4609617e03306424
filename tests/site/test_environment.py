"""`.env.example` tells every variable that the settings read, and no other."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = (PROJECT / ".env.example").read_text()


def variables_read() -> set[str]:
    source = (PROJECT / "antiempire" / "settings.py").read_text()
    return set(re.findall(r"""\b(?:env(?:\.\w+)?|secret)\(\s*"([A-Z][A-Z_]+)\"""", source))


def test_every_variable_of_the_settings_stands_in_the_example_and_no_other():
    read = variables_read()
    assert {"SECRET_KEY", "DATABASE_URL", "DEBUG"} <= read
    assert set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE)) == read


def test_every_variable_is_explained_on_the_line_above_it():
    lines = EXAMPLE.splitlines()
    explained = [
        bool(re.match(r"# [A-Z].+\.$|# .+: .+", before))
        for before, line in zip(lines, lines[1:], strict=False)
        if re.match(r"(?:# )?[A-Z][A-Z_]+=", line)
    ]
    assert explained
    assert all(explained)


def test_the_example_gives_no_secret_away():
    assert re.search(r"^SECRET_KEY=$", EXAMPLE, re.MULTILINE)
