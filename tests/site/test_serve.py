import os
import subprocess
import sys
import threading

import pytest

from antiempire import serve
from antiempire.demo.home import PROJECT

PREPARE = "from antiempire import serve; serve.prepare('antiempire.wsgi:application'); print('ready to be forked')"
COUNTS_NO_MORE = "import sys; print(sys.getrefcount(serve) == sys.getrefcount(None))"
KEEPS_THE_PAGES_OPEN = f"from antiempire import serve; serve.put_away = lambda: None; {PREPARE}"


def run(code: str, folder) -> subprocess.CompletedProcess:
    told = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": "sqlite://:memory:",
        "PAGE_CACHE_URL": f"file://{folder}",
        "SENTRY_DSN": "http://key@127.0.0.1:1/1",
        "METRICS_FOLDER": str(folder / "metrics"),
    }
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=os.environ | told, capture_output=True, text=True
    )


def test_importing_the_site_leaves_nothing_open(tmp_path):
    done = run(PREPARE, tmp_path)
    assert done.stdout == "ready to be forked\n", done.stderr


def test_what_is_imported_is_counted_no_more_when_workers_are_forked(tmp_path):
    before, after = f"from antiempire import serve; {COUNTS_NO_MORE}", f"{PREPARE}; {COUNTS_NO_MORE}"
    assert run(f"{before}; {after}", tmp_path).stdout == "False\nready to be forked\nTrue\n"


def test_the_start_is_refused_if_workers_would_share_a_lock(tmp_path):
    done = run(KEEPS_THE_PAGES_OPEN, tmp_path)
    assert done.returncode == 1
    assert f"Workers would share what importing the site left open: {tmp_path / 'board'}" in done.stderr


def test_a_file_that_is_open_is_noticed(tmp_path):
    before = serve.descriptors()
    assert not [name for name in serve.unshareable(before) if "thread" not in name]
    with (tmp_path / "file").open("w"):
        assert str(tmp_path / "file") in serve.unshareable(before)
    assert str(tmp_path / "file") not in serve.unshareable(before)


def test_a_thread_that_runs_is_noticed():
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="somebody at work")
    thread.start()
    try:
        assert "thread somebody at work" in serve.unshareable(serve.descriptors())
    finally:
        over.set()
        thread.join()
    assert "thread somebody at work" not in serve.unshareable(serve.descriptors())


ARENAS = """
import ctypes, threading
from antiempire import serve
{told}
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
together, over = threading.Barrier(5), threading.Event()

def work():
    held = [bytes(2000) for _ in range(100)]
    together.wait()
    over.wait()

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
together.wait()
libc.malloc_info(0, ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w")))
libc.fflush(None)
over.set()
"""


def test_threads_of_a_worker_take_memory_from_one_place(tmp_path):
    def arenas(told: str) -> int:
        return run(ARENAS.format(told=told), tmp_path).stdout.count("<heap nr=")

    if not (of_threads := arenas("")):
        pytest.skip("not glibc")
    assert of_threads > 1
    assert arenas("serve.take_from_one_arena()") == 1
