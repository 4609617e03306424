"""
Runs a command beside an empty PostgreSQL cluster of its own: `python .ci/postgresql.py COMMAND …`. The command finds
the cluster's address in POSTGRESQL_URL; nothing of the cluster is left afterwards. With `--if-installed` first, a
machine without PostgreSQL just runs the command. The cluster trusts everybody on this machine and is not durable.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def main(arguments: list[str]) -> int:
    optional = arguments[0] == "--if-installed"
    command = arguments[1:] if optional else arguments
    binaries = find_binaries()
    if not binaries and not optional:
        print("PostgreSQL is not installed: apt-get install postgresql", file=sys.stderr)
        return 1
    with running_cluster(binaries) if binaries else contextlib.nullcontext() as url:
        environ = {**os.environ, **({"POSTGRESQL_URL": url} if url else {})}
        return subprocess.run(command, env=environ).returncode


def find_binaries() -> Path | None:
    """Debian keeps the server's programs outside PATH, in one folder per version."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextlib.contextmanager
def running_cluster(binaries: Path) -> Iterator[str]:
    """Yields the cluster's address. PostgreSQL refuses to run as root, so root lends it the user postgres."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="antiempire-postgresql-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, "postgres")

        def run(program: str, *arguments: str):
            subprocess.run([binaries / program, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL, **user)

        run(
            "initdb",
            "-D",
            f"{name}/data",
            "-U",
            "antiempire",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        )
        port = free_port()
        options = " ".join(f"-c {key}='{value}'" for key, value in {**SETTINGS, "port": port}.items())
        control = ("pg_ctl", "-D", f"{name}/data", "-s", "-w")
        run(*control, "-l", f"{name}/log", "-o", options, "start")
        try:
            yield f"postgres://antiempire@127.0.0.1:{port}/postgres"
        finally:
            run(*control, "-m", "immediate", "stop")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    # As Ctrl-C does, so that the cluster ends too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
