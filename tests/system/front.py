"""nginx under the very files that `deploy/nginx` ships, filled in for this machine."""

import os
import re
import shutil
from pathlib import Path

from tests.system.engines import PROJECT, Process, free_port

TEMPLATES = PROJECT / "deploy" / "nginx"
MAIN = """
{user}
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/http.conf;
    include {folder}/site.conf;
}}
"""


def filled(template: str, values: dict[str, str]) -> str:
    """As envsubst does it, but a name without a value is a mistake."""
    return re.sub(r"\$\{([A-Z_]+)\}", lambda name: values[name[1]], template)


class Front(Process):
    def __init__(self, folder: Path, servers: list[int], *, static: Path, media: Path, writing: str = "100r/s"):
        port = free_port()
        self.folder, self.cache, self.bans = folder, folder / "pages", folder / "bans.conf"
        self.access_log = folder / "access.log"
        folder.mkdir(parents=True, exist_ok=True)
        self.cache.mkdir(exist_ok=True)
        self.bans.touch()
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
            "FRONT_RATE_WRITING": writing,
            "STATIC_ROOT": str(static),
            "MEDIA_ROOT": str(media),
        }
        for name in ("http", "site"):
            template = (TEMPLATES / f"{name}.conf.template").read_text()
            (folder / f"{name}.conf").write_text(filled(template, values))
        for page in TEMPLATES.glob("*.html"):
            shutil.copy(page, folder)
        main = MAIN.format(folder=folder, user="user root;" if os.getuid() == 0 else "")
        (folder / "nginx.conf").write_text(main)
        command = ["nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")]
        super().__init__("nginx", command, port=port, log=folder / "nginx.log")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reload(self) -> None:
        self.process.send_signal(1)  # SIGHUP: new workers with the new lists, the old ones finish what they do
