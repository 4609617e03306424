"""
What the demo owns on disk: a folder with its secrets, its database, the stand-in's state, pictures and collected static
files. Nothing of it is thrown away once the site has been up, because from then on it may hold somebody's work.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import sqlite3
import string
import time
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent.parent
LOGIN_EMAIL = "editor@example.org"
HOST = "127.0.0.1"
LOCK = "lock"
FIRST_RUN_NEEDS_MB, GOES_ON_WITH_MB = 200, 20
LETTERS = string.ascii_letters + string.digits
# A demo that was stopped a moment ago may still be ending its processes.
LOCK_PATIENCE_SECONDS = 10


class AlreadyRunning(Exception):
    """Another demo holds this folder."""


class FolderUnfit(Exception):
    """Says in its words what is wrong with the folder that was named."""


class Home:
    """Made for a folder that is to be made, is empty, or was a demo's before. Raises FolderUnfit for any other."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.database = folder / "site.sqlite3"
        # The first run fills a database of another name; renaming it is the one step that makes the site exist.
        self.unfinished_database = folder / "first-run.sqlite3"
        self.stripe_state = folder / "stripe.sqlite3"
        self.clock_file = folder / "clock.json"
        self.static_stamp = folder / "static.stamp"
        try:
            self._take_over()
        except OSError as error:
            raise FolderUnfit(f"({error.strerror}).") from error

    def _take_over(self) -> None:
        """Nobody's other files are shut away, or lie among the demo's."""
        if self.folder.exists() and not self.folder.is_dir():
            raise FolderUnfit("it is a file.")
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / LOCK).exists() and any(self.folder.iterdir()):
            raise FolderUnfit("it holds other things.")
        self.folder.chmod(0o700)
        (self.folder / LOCK).touch()

    def insist_on_room(self) -> None:
        """Raises FolderUnfit when the disk is too full for a first run, or for going on."""
        needed = GOES_ON_WITH_MB if self.database.exists() else FIRST_RUN_NEEDS_MB
        free = self.free_mb()
        if free < needed:
            raise FolderUnfit(f"the demo needs about {needed} MB, and only {free} MB are free there.")

    def free_mb(self) -> int:
        return shutil.disk_usage(self.folder).free // 10**6

    @contextlib.contextmanager
    def locked(self):
        """Yields the descriptor of the lock; the lock lasts as long as any process holds it open."""
        with (self.folder / LOCK).open("w") as file:
            patience_ends = time.monotonic() + LOCK_PATIENCE_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > patience_ends:
                        raise AlreadyRunning from None
                    time.sleep(0.2)
            yield file.fileno()

    def secrets(self) -> dict[str, str]:
        """Keys and the login, made at random when first needed and kept from then on."""
        file = self.folder / "env"
        kept = dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {}
        values = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "BACKER_HASH_KEY": secrets.token_urlsafe(50),
            "STRIPE_SECRET_KEY": f"sk_test_{_letters(24)}",
            "STRIPE_WEBHOOK_SECRET": f"whsec_{_letters(32)}",
            "LOGIN_EMAIL": LOGIN_EMAIL,
            "LOGIN_PASSWORD": _letters(14),
            **kept,
        }
        if values != kept:
            draft = file.with_suffix(".new")
            draft.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
            draft.chmod(0o600)
            draft.replace(file)
        return values

    def stand_in_port(self, site_port: int) -> int:
        """The one it had before, else the site's next, else any that is free. Letters and pages hold its address."""
        file = self.folder / "stand-in.port"
        kept = file.read_text().strip() if file.exists() else ""
        choices = [int(kept)] if kept.isdecimal() else []
        choices = [port for port in (*choices, site_port + 1) if port and port != site_port]
        chosen = next(filter(None, (free_port(port) for port in (*choices, 0))))
        file.write_text(f"{chosen}\n")
        return chosen

    def environ(self, port: int, stripe_port: int) -> dict[str, str]:
        """
        Every setting the demo depends on is said here, so that a `.env` file or variables meant for another site
        cannot send it to another database.
        """
        kept = self.secrets()
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "antiempire.settings",
            "ENV_FILE": os.devnull,
            "DEBUG": "false",
            "DEMO": "true",
            "DEMO_CLOCK_FILE": str(self.clock_file),
            "SECRET_KEY": kept["SECRET_KEY"],
            "BACKER_HASH_KEY": kept["BACKER_HASH_KEY"],
            "STRIPE_SECRET_KEY": kept["STRIPE_SECRET_KEY"],
            "STRIPE_WEBHOOK_SECRETS": kept["STRIPE_WEBHOOK_SECRET"],
            "STRIPE_API_BASE": f"http://{HOST}:{stripe_port}",
            "STRIPE_ACCOUNT": "",
            "STRIPE_SITE": "demo",  # whatever the port, its pledges stay its own
            "BASE_CURRENCY": "USD",  # what the sample rates are told in
            "TIME_ZONE": "UTC",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "CSRF_TRUSTED_ORIGINS": "",
            "SITE_URL": f"http://{HOST}:{port}",
            "HTTPS": "false",
            "BEHIND_TLS_PROXY": "false",
            "DATABASE_URL": database_url(self.database),
            "CACHE_URL": f"filecache://{self.folder / 'cache'}",
            "PAGE_CACHE_URL": f"file://{self.folder / 'pages'}",
            "PAGE_CACHE_FOLDER": "",
            "FRONT_CACHE_FOLDER": "",
            "MEDIA_ROOT": str(self.folder / "media"),
            "SERVE_MEDIA": "true",
            "STATIC_ROOT": str(self.folder / "static"),
            "MAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "MAIL_OPTIONS": json.dumps({"file_path": str(self.folder / "letters")}),
            "ECB_DAILY_URL": "",  # its rates are invented, and it asks nobody
            "ECB_HISTORY_URL": "",
            "CRAWLER_RANGES": "{}",
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
        }

    def clear_first_run(self) -> None:
        """What an interrupted first run left goes, the stand-in's memory of it too. Not while the stand-in runs."""
        for name in (self.unfinished_database.name, self.stripe_state.name, self.clock_file.name):
            for leftover in self.folder.glob(f"{name}*"):
                leftover.unlink()

    def begin_database(self) -> str:
        """The address of an empty database for the first run."""
        return database_url(self.unfinished_database)

    def finish_database(self) -> None:
        """Everything goes from the write-ahead log into the one file, which then gets its name in a single step."""
        with contextlib.closing(sqlite3.connect(self.unfinished_database)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        self.unfinished_database.replace(self.database)

    def static_is_collected(self) -> bool:
        return self.static_stamp.exists() and self.static_stamp.read_text() == static_fingerprint()

    def remember_static(self) -> None:
        self.static_stamp.write_text(static_fingerprint())


def database_url(path: Path) -> str:
    return f"sqlite:///{quote(str(path))}"


def free_port(wanted: int) -> int:
    """The port if it is free on this machine, otherwise 0. With 0 any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except (OSError, OverflowError):
            return 0
        return probe.getsockname()[1]


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def static_fingerprint() -> str:
    """Changes with any static file of ours and with any installed version, which may bring static files of its own."""
    digest = hashlib.sha256((PROJECT / "requirements.txt").read_bytes())
    for folder in sorted([PROJECT / "static", *PROJECT.glob("*/static")]):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            status = file.stat()
            digest.update(f"{file.relative_to(PROJECT)}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
