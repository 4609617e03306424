import os
import subprocess
import sys
import threading

from antiempire import serve
from antiempire.demo.home import PROJECT

PREPARE = "from antiempire import serve; serve.prepare('antiempire.wsgi:application'); print('ready to be forked')"
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
