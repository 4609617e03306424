"""
Rules that hold for every tracked file. Each is a small pure function over a text, tried first on a text that breaks
it, so that a rule that has stopped looking cannot pass.
"""

import ast
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
LONGEST_MODULE = 400
# Written in parts: this file is read by its own rules.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "proxy.golang" + ".org",
    "crates" + ".io",
]
MACHINE_PATH = re.compile(r"(?<![\w.}-])/(?:root|work|Users|home/(?!app\b)\w+)/")
NETWORK_MODULES = {
    "socket",
    "ssl",
    "http.client",
    "urllib.request",
    "requests",
    "urllib3",
    "asyncio",
    "ftplib",
    "smtplib",
}
MAY_ASK = (
    "articles/search",
    "articles/migrations/",
    "foundation/backups/engines",
    "foundation/indexes",  # made while others write, where a database can
    "tests/",
)
MAY_OPEN_SOCKETS = (
    ".ci/",
    "foundation/outbound",
    "antiempire/demo/",
    "deploy/",
    "tests/",
    "benchmarks/",
    "fakestripe/",
)


def tracked_files(*patterns: str) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout
    return [path for name in listing.split("\0") if name and (path := PROJECT / name).is_file()]


def texts(*patterns: str):
    for path in tracked_files(*patterns):
        data = path.read_bytes()
        if b"\0" not in data:
            yield str(path.relative_to(PROJECT)), data.decode()


def registries_named(text: str) -> list[str]:
    return [host for host in REGISTRIES if host in text]


def machine_paths(text: str) -> list[str]:
    return MACHINE_PATH.findall(text)


def inline_code(template: str) -> list[str]:
    """Whatever a browser would have to be allowed to run or to apply from inside a page."""
    attributes = re.findall(r"""<[^>]*\s(?:style|on[a-z]+)\s*=""", template, re.IGNORECASE)
    styles = re.findall(r"<style\b", template, re.IGNORECASE)
    scripts = re.findall(r"<script\b(?![^>]*\b(?:src=|type=\"(?:application/(?:ld\+)?json|importmap)\"))", template)
    return attributes + styles + scripts + re.findall(r"javascript:", template, re.IGNORECASE)


def network_imports(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found & NETWORK_MODULES


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;\\]+)", lock, re.MULTILINE))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (registries_named, "https://" + "pypi" + ".org/simple"),
        (machine_paths, "DATABASE=" + "/root" + "/site"),
        (machine_paths, 'open("/' + 'home/someone/notes")'),
        (inline_code, '<p class="a" style="color: red">'),
        (inline_code, "<script>alert(1)</script>"),
        (inline_code, '<a onclick="x()">'),
        (inline_code, "<STYLE>"),
        (inline_code, '<a href="javascript:x()">'),
        (network_imports, "from urllib import request"),
        (network_imports, "import http.client as c"),
    ],
)
def test_each_rule_finds_what_breaks_it(rule, text):
    assert rule(text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (machine_paths, "/articles/work/ and https://example.org/home/page/ and {{ base }}/root/"),
        (inline_code, '<script type="application/ld+json">{}</script><script src="/a.js"></script>'),
        (network_imports, "from http import HTTPStatus\nfrom urllib.parse import quote"),
    ],
)
def test_no_rule_forbids_what_is_allowed(rule, text):
    assert not rule(text)


def test_no_tracked_file_names_a_package_registry():
    assert {name: found for name, text in texts() if (found := registries_named(text))} == {}


def test_no_tracked_file_holds_a_path_of_one_machine():
    named = {name: found for name, text in texts() if (found := machine_paths(text))}
    # Recorded clipboards name the files that they were copied from, as word processors do.
    assert {name: found for name, found in named.items() if not name.startswith("tests/data/paste/")} == {}


def test_no_template_holds_inline_code():
    found = {name: lines for name, text in texts("*.html") if (lines := inline_code(text))}
    assert {name: lines for name, lines in found.items() if not name.startswith("tests/")} == {}


def test_only_the_outbound_client_can_open_a_connection():
    assert {
        name: modules
        for name, source in texts("*.py")
        if not name.startswith(MAY_OPEN_SOCKETS) and (modules := network_imports(source))
    } == {}


def test_only_search_backups_and_indexes_ask_which_database_they_run_on():
    askers = {name for name, source in texts("*.py") if re.search(r"connections?\b[^\n]*\.vendor\b", source)}
    outside = {name for name in askers if not name.startswith(MAY_ASK)}
    assert outside == set()


def test_no_module_grows_beyond_what_can_be_read_at_once():
    lengths = {name: text.count("\n") for name, text in texts("*.py", "*.js", "*.css")}
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE}
    exempt = re.compile(r"/migrations/|^tests/")  # read one test at a time, or by nobody
    assert {name: lines for name, lines in too_long.items() if not exempt.search(name)} == {}


def repeated_rules(sheets: dict[str, str], *, from_lines: int = 8) -> list[list[str]]:
    """Selectors that say the same in so many lines, wherever they stand."""
    found: dict[frozenset, list[str]] = {}
    for name, text in sheets.items():
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
            said = frozenset(line.strip() for line in body.split(";") if line.strip())
            if len(said) >= from_lines:
                found.setdefault(said, []).append(f"{name}: {selector.strip()}")
    return [places for places in found.values() if len(places) > 1]


def test_no_long_rule_of_style_stands_in_two_places():
    long_rule = "".join(f"p{number}: {number};" for number in range(8))
    twice = {"a.css": f".a {{{long_rule}}}", "b.css": f"@media x {{ .b {{{long_rule}}} }}"}
    assert repeated_rules(twice) == [["a.css: .a", "b.css: .b"]]
    assert repeated_rules(dict(texts("static/*.css"))) == []


def test_the_lock_of_the_tests_holds_the_very_versions_of_the_lock_of_the_site():
    site, dev = ((PROJECT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt"))
    assert pins(site)
    assert pins(site).items() <= pins(dev).items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_version_carries_hashes_and_no_address(name):
    assert "://" not in (PROJECT / name).read_text()
    entries = re.split(r"^(?=[a-z0-9])", (PROJECT / name).read_text(), flags=re.MULTILINE)[1:]
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
