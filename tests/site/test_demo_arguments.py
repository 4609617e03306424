"""What `make demo` says to arguments that cannot be meant, and on a disk without room: a sentence, no traceback."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from antiempire.demo import __main__ as demo
from antiempire.demo.home import FolderUnfit, Home
from tests.site.demo_process import PROJECT

Usage = namedtuple("Usage", "total used free")


def told(*arguments: str) -> str:
    """The last line of what it says, having ended by itself with an error."""
    command = [sys.executable, "-m", "antiempire.demo", *arguments]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.fixture
def unsignalled(monkeypatch):
    """The handlers of the process that runs the tests stay as they are."""
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "home").write_text("my notes")
    words = told("--folder", str(tmp_path / "home"))
    assert words.startswith(f"{tmp_path / 'home'} cannot be the demo's folder: it is a file.")
    assert 'make demo ARGS="--folder ' in words
    assert (tmp_path / "home").read_text() == "my notes"


def test_nor_is_what_lies_below_a_file(tmp_path):
    (tmp_path / "file").write_text("my notes")
    assert "cannot be the demo's folder (Not a directory)" in told("--folder", str(tmp_path / "file" / "home"))


def test_nor_is_a_name_that_no_disk_takes(tmp_path):
    assert "cannot be the demo's folder (File name too long)" in told("--folder", str(tmp_path / ("a" * 300)))


def test_nor_is_one_that_must_not_be_written(tmp_path, monkeypatch):
    """Told by the system, which lets the superuser write everywhere."""

    def refuse(folder, **options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(FolderUnfit, match="Permission denied"):
        Home(tmp_path / "closed" / "home")


def test_a_folder_that_holds_other_things_is_left_as_it_is(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Ada")
    tmp_path.chmod(0o755)
    assert "it holds other things" in told("--folder", str(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_an_empty_folder_and_its_own_are_taken(tmp_path):
    with Home(tmp_path).locked():
        pass
    (tmp_path / "site.sqlite3").write_text("")
    with Home(tmp_path).locked():
        assert tmp_path.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80.5", ""])
def test_a_port_is_a_number(port, tmp_path):
    assert "a port is a number from 1 to 65535" in told(f"--port={port}", "--folder", str(tmp_path / "home"))
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("taken", "advice"), [(8123, 8124), (65535, 8001), (80, 8001)])
def test_the_port_it_advises_is_one(taken, advice):
    assert demo.another_port(taken) == advice


def test_what_is_not_an_argument_is_named(tmp_path):
    assert told("--prot", "8001") == "make demo: error: unrecognized arguments: --prot 8001"


def test_a_disk_without_room_is_told_before_anything_is_made(tmp_path, monkeypatch, capsys, unsignalled):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - 5 * 10**6, 5 * 10**6))
    monkeypatch.setattr(sys, "argv", ["demo", "--folder", str(tmp_path / "home")])
    assert demo.main() == 1
    assert "needs about 200 MB, and only 5 MB are free" in capsys.readouterr().err
    assert not list((tmp_path / "home").glob("*.sqlite3"))


def test_a_disk_that_is_full_all_the_same_is_told_in_a_sentence(tmp_path, monkeypatch, capsys, unsignalled):
    def full(self):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path / "home" / "env.new"))

    monkeypatch.setattr(Home, "secrets", full)
    monkeypatch.setattr(sys, "argv", ["demo", "--folder", str(tmp_path / "home")])
    assert demo.main() == 1
    words = capsys.readouterr().err.strip()
    assert words.endswith(f"The demo cannot go on: No space left on device ({tmp_path / 'home' / 'env.new'}).")


def test_the_note_of_a_port_that_a_full_disk_cut_short_is_made_anew(tmp_path):
    home = Home(tmp_path / "home")
    for cut in ("", "81", "\0\0"):
        (home.folder / "stand-in.port").write_text(cut)
        assert 0 < home.stand_in_port(8123) < 65536


def test_a_step_that_failed_for_want_of_room_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 0))
    home = Home(tmp_path / "home")
    assert "The disk is full" in demo.why_it_failed(home, demo.StepFailed("manage.py migrate ended with code 1"))


def test_otherwise_it_points_at_the_lines_above(tmp_path):
    home = Home(Path(tmp_path / "home"))
    words = demo.why_it_failed(home, demo.StepFailed("manage.py migrate ended with code 1"))
    assert "the lines above say why" in words
