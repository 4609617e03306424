"""nginx, started by the very script and under the very files that `deploy/nginx` ships."""

import os
from pathlib import Path

from tests.ports import free_port
from tests.system.engines import PROJECT, Process

START = PROJECT / "deploy" / "nginx" / "start.sh"


class Front(Process):
    def __init__(self, folder: Path, servers: list[int], *, static: Path, media: Path):
        port = free_port()
        self.folder, self.cache, self.bans = folder, folder / "pages", folder / "bans.conf"
        self.access_log = folder / "access.log"
        folder.mkdir(parents=True, exist_ok=True)
        values = {
            # Never marked as down: an answer of “refused” costs nothing, and the other one is asked.
            "FRONT_SERVERS": " ".join(f"server 127.0.0.1:{server} max_fails=0;" for server in servers),
            "FRONT_LISTEN": f"127.0.0.1:{port}",
            "FRONT_NAMES": "127.0.0.1",
            "FRONT_SCHEME": "$scheme",
            "FRONT_FOLDER": str(folder),
            "FRONT_CACHE_FOLDER": str(self.cache),
            "FRONT_BANS": str(self.bans),
            "FRONT_LOG": str(self.access_log),
            "FRONT_RATE_READING": "2000r/s",
            "FRONT_RATE_WRITING": "100r/s",
            "FRONT_USER": "root" if os.getuid() == 0 else "",
            "STATIC_ROOT": str(static),
            "MEDIA_ROOT": str(media),
            "PATH": os.environ["PATH"],
        }
        super().__init__("nginx", ["sh", str(START)], port=port, log=folder / "nginx.log", environ=values)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"
