"""
nginx as docs/production.md sets it up by hand: filled in from front.env, with a certificate. Ours is signed by nobody:
what is shown is that the files fit together and what is said over TLS, not that a browser trusts it.
"""

import os
import re
import shutil
import ssl
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.system.engines import PROJECT, Process

pytestmark = pytest.mark.system

NGINX = PROJECT / "deploy" / "nginx"
MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {redirect}
    include {folder}/http.conf;
    include {folder}/site.conf;
}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Filled in by the script, with the names of front.env but for places and ports."""
    folder = tmp_path_factory.mktemp("by-hand")
    for name in ("static", "media", "pages"):
        (folder / name).mkdir()
    (folder / "bans.conf").touch()
    (folder / "static" / "base.0123456789ab.css").write_text("p {}")
    places = {
        "FRONT_LISTEN": f'"127.0.0.1:{free_port()} ssl http2"',
        "FRONT_FOLDER": folder,
        "FRONT_CACHE_FOLDER": folder / "pages",
        "FRONT_BANS": folder / "bans.conf",
        "FRONT_LOG": folder / "access.log",
        "STATIC_ROOT": folder / "static",
        "MEDIA_ROOT": folder / "media",
    }
    told = (NGINX / "front.env").read_text()
    for name, value in places.items():
        told, count = re.subn(rf"^{name}=.*$", f"{name}={value}", told, flags=re.MULTILINE)
        assert count == 1
    (folder / "front.env").write_text(told)
    subprocess.run(["sh", NGINX / "fill-in.sh", folder / "front.env"], check=True)
    make_certificate(folder)
    return folder


def make_certificate(folder: Path) -> None:
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=news.example.org"]
    subprocess.run(command, check=True, capture_output=True)
    example = (NGINX / "tls.conf.example").read_text()
    (folder / "tls.conf").write_text(example.replace("/etc/letsencrypt/live/news.example.org", str(folder)))


def write_main(folder: Path, redirect: str = "") -> Path:
    file = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""
    file.write_text(MAIN.format(folder=folder, user=user, redirect=redirect))
    return file


def test_nginx_takes_the_files_with_the_redirect_from_port_80(folder):
    shutil.copy(NGINX / "redirect.conf", folder)
    main = write_main(folder, f"include {folder}/redirect.conf;")
    tried = subprocess.run(["nginx", "-t", "-e", "stderr", "-c", main], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr


def test_over_tls_files_say_that_the_site_is_never_asked_without(folder):
    port = int(re.search(r"listen 127\.0\.0\.1:(\d+) ssl http2;", (folder / "site.conf").read_text())[1])
    main = write_main(folder)
    front = Process("nginx", ["nginx", "-e", "stderr", "-c", str(main)], port=port, log=folder / "nginx.log")
    front.start()
    try:
        trusting = ssl.create_default_context(cafile=folder / "fullchain.pem")
        trusting.check_hostname = False
        address = f"https://127.0.0.1:{port}/static/base.0123456789ab.css"
        with urllib.request.urlopen(address, context=trusting, timeout=30) as answer:
            assert answer.read() == b"p {}"
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
            assert "immutable" in answer.headers["Cache-Control"]
    finally:
        front.stop()
