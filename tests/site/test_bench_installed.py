"""What is measured is what production installs."""

import os
import subprocess
import sys

from benchmarks.serving import installed

LOOK = "import django, stripe, sys; print('aiohttp' in sys.modules)"


def look(environ: dict) -> str:
    told = [sys.executable, "-c", LOOK]
    return subprocess.run(told, env=os.environ | environ, capture_output=True, text=True, check=True).stdout.strip()


def test_servers_find_what_production_installs_and_no_more(tmp_path):
    assert look(installed.without_the_rest(tmp_path / "absent")) == "False"
    assert look({}) == "True"  # it is there for the tests


def test_what_production_needs_is_not_hidden():
    rest = installed.the_rest()
    assert {"pytest", "scrapy", "moto"} <= set(rest)
    assert not {"django", "stripe", "PIL", "lxml", "psycopg2", "granian", "environ", "allauth"} & set(rest)
