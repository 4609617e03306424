"""`.env.example` tells every variable that the settings read, and no other."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = (PROJECT / ".env.example").read_text()


def variables_read() -> set[str]:
    source = (PROJECT / "antiempire" / "settings.py").read_text()
    return set(re.findall(r"""\b(?:env(?:\.\w+)?|secret)\(\s*"([A-Z][A-Z0-9_]+)\"""", source))


def test_every_variable_of_the_settings_stands_in_the_example_and_no_other():
    read = variables_read()
    assert {"SECRET_KEY", "DATABASE_URL", "DEBUG"} <= read
    assert set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE)) == read


def test_every_variable_is_explained_on_the_line_above_it():
    lines = EXAMPLE.splitlines()
    explained = [
        bool(re.match(r"# [A-Z].+\.$|# .+: .+", before))
        for before, line in zip(lines, lines[1:], strict=False)
        if re.match(r"(?:# )?[A-Z][A-Z0-9_]+=", line)
    ]
    assert explained
    assert all(explained)


def test_the_example_gives_no_secret_away():
    assert re.search(r"^SECRET_KEY=$", EXAMPLE, re.MULTILINE)


def start(**environ: str) -> subprocess.CompletedProcess:
    code = "import antiempire.settings as s; print(s.DEMO_CLOCK_FILE)"
    sound = {"SECRET_KEY": "x" * 50, "BACKER_HASH_KEY": "y" * 50, "ENV_FILE": os.devnull, "ALLOWED_HOSTS": "127.0.0.1"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env={**sound, **environ}, capture_output=True, text=True
    )


def test_a_moved_clock_is_refused_at_the_start_outside_debug_and_demo():
    refused = start(DEMO_CLOCK_FILE="clock.json")
    assert refused.returncode != 0
    assert "ImproperlyConfigured: DEMO_CLOCK_FILE moves the time" in refused.stderr
    assert start(DEMO_CLOCK_FILE="clock.json", DEBUG="true").stdout == "clock.json\n"
    assert start(DEMO_CLOCK_FILE="clock.json", DEMO="true").stdout == "clock.json\n"


def test_a_demo_that_others_could_reach_is_refused_at_the_start():
    assert "news.example.org" in start(DEMO="true", ALLOWED_HOSTS="news.example.org").stderr
    assert "HTTPS" in start(DEMO="true", SITE_URL="https://127.0.0.1").stderr
