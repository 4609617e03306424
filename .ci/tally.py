"""
Adds up the reports of all test runs. A test may be skipped in one run (it needs the other database, say) only if it
passed in another: a skip that no run makes good is a failure. The last line printed is the sum.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree


def main(folder: Path) -> int:
    passed, skipped, runs = set(), {}, []
    for report in sorted(folder.glob("*.xml")):
        cases = list(ElementTree.parse(report).iter("testcase"))
        runs.append(f"{sum(map(is_pass, cases))} on {report.stem}" if cases else f"none on {report.stem}")
        for case in cases:
            name = f"{case.get('classname')}::{case.get('name')}"
            if is_pass(case):
                passed.add(name)
            elif (skip := case.find("skipped")) is not None:
                skipped.setdefault(name, f"{report.stem}: {skip.get('message')}")
    for name, reason in sorted(skipped.items()):
        print(f"{'skipped once' if name in passed else 'NEVER RUN'}  {name}  ({reason})")
    never_run = skipped.keys() - passed
    total = sum(int(run.split()[0]) for run in runs if run[0].isdigit())
    print(f"{total} tests passed ({', '.join(runs)}), {len(never_run)} never run")
    return 1 if never_run else 0


def is_pass(case: ElementTree.Element) -> bool:
    return all(case.find(outcome) is None for outcome in ("failure", "error", "skipped"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
