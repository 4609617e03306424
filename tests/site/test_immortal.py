"""In processes of their own: what is made immortal stays so."""

import subprocess
import sys

import pytest

from antiempire import immortal
from antiempire.demo.home import PROJECT

MUCH_KB, LITTLE_KB = 8_000, 2_000

COUNTED = """
import sys
from antiempire import immortal

class Some: pass
def named(at="elsewhere"): return "a text of its own", at

some = Some()
some.held = ["a", object(), b"bytes of its own", 2.5]
seen = [Some, some, some.held, named, named.__code__, *some.held[1:], named()[0]]
{keep}
before = [sys.getrefcount(each) for each in seen]
more = seen * 100
print(sum(sys.getrefcount(each) != was for each, was in zip(seen, before)), len(seen))
"""

# A child that looks at everything its parent made: what it alone holds afterwards.
LOOKED_AT = """
import gc, os
from pathlib import Path
from antiempire import immortal

gc.disable()
world = [[float(number), str(number)] for number in range(200_000)]
{keep}
gc.freeze()

def own():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:"))

if os.fork() == 0:
    before = own()
    for pair in world:
        for each in pair:
            pass
    print(own() - before, flush=True)
    os._exit(0)
os.wait()
"""

USED = """
import gc, json, weakref
from antiempire import immortal

texts, table, numbers = ["one"], {"one": 1}, [1000, 2000]
class Node: pass
node = Node()
node.next = Node()
immortal.keep_everything()
gc.freeze()
texts.append("two"); table["two"] = texts; numbers.sort(reverse=True); del numbers[0]
node.next = weakref.ref(node)
Node.later = lambda self: sys.intern("".join(["a", "b"]))
import sys
made = [Node() for _ in range(1000)]
gc.collect()
print(json.dumps([table["two"], numbers, node.next() is node, node.later()]))
"""


def told(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.strip()


def test_no_reference_is_counted_to_what_is_immortal():
    assert told(COUNTED.format(keep="immortal.keep_everything()")).split()[0] == "0"


def test_references_are_counted_otherwise():
    moved, all_of_them = told(COUNTED.format(keep="")).split()
    assert moved == all_of_them


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux what a process holds")
def test_looking_at_what_was_made_before_a_fork_copies_it_unless_it_is_immortal():
    assert int(told(LOOKED_AT.format(keep=""))) > MUCH_KB
    assert int(told(LOOKED_AT.format(keep="immortal.keep_everything()"))) < LITTLE_KB


def test_what_is_immortal_changes_as_before_and_the_program_ends_well():
    assert told(USED) == '[["one", "two"], [1000], true, "ab"]'


@pytest.mark.parametrize(
    ("name", "value"),
    [("byteorder", "big"), ("maxsize", (1 << 31) - 1)],
)
def test_a_machine_that_counts_otherwise_is_left_alone(monkeypatch, name, value):
    monkeypatch.setattr(sys, name, value)
    assert immortal.keep_everything() == 0


def test_a_build_without_the_lock_is_left_alone(monkeypatch):
    monkeypatch.setattr(immortal.sysconfig, "get_config_var", lambda name: 1)
    assert immortal.keep_everything() == 0


def test_this_python_is_one_that_can():
    assert immortal.is_possible()
