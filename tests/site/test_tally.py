"""The sum at the end of `.ci/run` must not hide a test that never ran."""

import runpy
from pathlib import Path

import pytest

TALLY = runpy.run_path(str(Path(__file__).resolve().parent.parent.parent / ".ci" / "tally.py"))["main"]
PASSED = '<testcase classname="tests.a" name="test_one"/>'
SKIPPED = '<testcase classname="tests.a" name="test_one"><skipped message="needs PostgreSQL"/></testcase>'
FAILED = '<testcase classname="tests.a" name="test_one"><failure/></testcase>'
OTHER = '<testcase classname="tests.a" name="test_two"/>'


@pytest.fixture
def tally(tmp_path, capsys):
    def tally(**reports: str) -> tuple[int, list[str]]:
        for name, cases in reports.items():
            (tmp_path / f"{name}.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
        code = TALLY(tmp_path)
        return code, capsys.readouterr().out.splitlines()

    return tally


def test_a_test_skipped_in_one_run_and_passed_in_another_is_listed_and_accepted(tally):
    code, lines = tally(sqlite=SKIPPED + OTHER, postgresql=PASSED + OTHER)
    assert code == 0
    assert lines[0] == "skipped once  tests.a::test_one  (sqlite: needs PostgreSQL)"
    assert lines[-1] == "3 tests passed (2 on postgresql, 1 on sqlite), 0 never run"


@pytest.mark.parametrize("elsewhere", [SKIPPED, FAILED, OTHER])
def test_a_test_that_passed_nowhere_is_a_failure(tally, elsewhere):
    code, lines = tally(sqlite=SKIPPED, postgresql=elsewhere)
    assert code == 1
    assert lines[0].startswith("NEVER RUN  tests.a::test_one")
    assert lines[-1].endswith(", 1 never run")
