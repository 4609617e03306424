"""
Objects whose references nobody counts. CPython keeps the count in the object itself, so that whoever merely looks at
what was made before a fork writes to it, and gets a copy of the page of memory around it. Objects like None are spared
that by a certain number where the count would stand (PEP 683): here everything that exists gets it. Nothing of it is
freed any more, which for what was imported makes no difference.
"""

import ctypes
import gc
import sys
import sysconfig
from types import CodeType

# The half of the count that says so, on the machines and builds that `is_possible` knows.
_HALF = ctypes.c_uint32
_at = _HALF.from_address
_IMMORTAL_FROM = 1 << 31


def keep_everything() -> int:
    """How many objects this made immortal: none on a Python that counts in another way."""
    if not is_possible():
        return 0
    number, never = 0, _at(id(None)).value
    waiting = gc.get_objects()
    while waiting:
        found = waiting.pop()
        count = _at(id(found))
        if count.value < _IMMORTAL_FROM:
            count.value = never
            number += 1
            waiting += _parts(found) if type(found) is CodeType else gc.get_referents(found)
    return number


def is_possible() -> bool:
    """Where a count lies, and what None has in its place, differs between builds: looked at before anything is told."""
    if sys.implementation.name != "cpython" or sys.byteorder != "little" or sys.maxsize < 1 << 32:
        return False
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return False
    counted = object()
    before = _at(id(counted)).value
    held = [counted, counted]
    return _at(id(counted)).value == before + len(held) and _at(id(None)).value >= _IMMORTAL_FROM


def _parts(code: CodeType) -> tuple:
    """The collector does not know them."""
    return code.co_consts, code.co_names, code.co_name, code.co_qualname, code.co_filename
