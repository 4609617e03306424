"""The ports that tests give to their servers."""

import os
import subprocess
import sys
from pathlib import Path

from tests import ports

PROJECT = Path(__file__).resolve().parent.parent.parent


def in_another_process(port: int) -> str:
    code = f"from tests import ports; print(ports._take({port}))"
    told = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    return told.stdout.strip()


def test_a_port_is_given_to_one_process_though_nobody_listens_there_yet():
    port = ports.free_port()
    assert in_another_process(port) == "False"
    assert not ports._take(port)


def test_a_port_that_was_given_back_can_be_had_again():
    """So that the test above can fail."""
    port = ports.free_port()
    os.close(ports._held.pop())
    assert in_another_process(port) == "True"


def test_none_is_one_that_the_kernel_gives_to_whoever_connects():
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert ports.PORTS[-1] + 1 < lowest
