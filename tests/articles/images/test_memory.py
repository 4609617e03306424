"""The largest picture that each format may have costs at most 150 MB to take in, beyond what the process had."""

import subprocess
import sys
from pathlib import Path

import pytest

from articles.images import check

from . import files

MEASURE = r"""
import re, sys
from pathlib import Path
from articles.images import check
from tests.articles.images import files

def peak():
    # In megabytes. Not `getrusage`: that begins with what the process that started this one had.
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024

check.accept(files.encoded(files.picture(), "PNG"))
check.accept(files.encoded(files.picture(), "AVIF"))
data = Path(sys.argv[1]).read_bytes()
before = peak()
check.accept(data)
print(peak() - before)
"""


def largest_allowed(kind):
    height = int((check.MAX_PIXELS[kind] / 1.5) ** 0.5)
    return height * 3 // 2, height


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux's /proc")
@pytest.mark.parametrize(("kind", "mode", "options"), [
    ("JPEG", "RGB", {}),
    (check.JPEG_IN_SCANS, "RGB", {"progressive": True, "subsampling": 0}),
    ("PNG", "RGBA", {"compress_level": 1}),
    ("GIF", "P", {"transparency": 1}),
    ("WEBP", "RGBA", {"method": 0, "quality": 50}),
    ("AVIF", "RGBA", {"speed": 10, "subsampling": "4:4:4"}),
])  # fmt: skip
def test_the_largest_allowed_picture_stays_within_its_memory(kind, mode, options, tmp_path, monkeypatch):
    size = largest_allowed(kind)
    drawn = files.picture(size).quantize() if mode == "P" else files.picture(size, mode)
    path = tmp_path / "largest"
    path.write_bytes(files.encoded(drawn, kind.split()[0], **options))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    code = f"import django; django.setup()\n{MEASURE}"
    root = Path(__file__).parents[3]
    result = subprocess.run(
        [sys.executable, "-c", code, path], cwd=root, capture_output=True, text=True, check=True, timeout=120
    )
    assert 0 < float(result.stdout) < 150
