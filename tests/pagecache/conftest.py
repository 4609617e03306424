import os
import shutil
import signal
import subprocess
import time

import pytest
import redis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections

from pagecache import flights, front, redis_pages, registry, stores
from tests.pagecache import site as small_site
from tests.pagecache.reader import Reader
from tests.ports import free_port

MIDDLEWARE = [
    "pagecache.middleware.keep_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]


PATIENCE_SECONDS = 60


class RedisServer:
    """A server of our own that can be stopped, started anew and paused."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None
        self.connection = redis.Redis(port=self.port)

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        patience_ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience_ends:
            assert self.process.poll() is None, "Redis ended"
            try:
                return self.connection.ping()
            except redis.RedisError:
                time.sleep(0.02)
        raise AssertionError("Redis did not start")

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def client(self):
        return self.connection


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """On the slowest machine nobody gives up Redis, or a page that another makes, unless a test says how soon."""
    monkeypatch.setattr(redis_pages, "TIMEOUT_SECONDS", 20.0)
    monkeypatch.setattr(redis_pages, "LOCKED_MILLISECONDS", 100_000)
    monkeypatch.setattr(flights, "PATIENCE_SECONDS", 100.0)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    if shutil.which("redis-server") is None:
        if os.environ.get("CI"):
            pytest.fail("redis-server is missing: .ci/run installs it")
        pytest.skip("redis-server is not installed")
    server = RedisServer(str(tmp_path_factory.mktemp("redis")))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def files_url(tmp_path):
    return f"file://{tmp_path / 'pages'}"


@pytest.fixture
def redis_url(redis_server):
    redis_server.client().flushall()
    return redis_server.url


@pytest.fixture(params=["files", "redis"])
def store(request, settings, tmp_path):
    """The store of the settings, with nothing in it."""
    settings.PAGE_CACHE_URL = request.getfixturevalue(f"{request.param}_url")
    settings.PAGE_CACHE_FOLDER = str(tmp_path / "local")
    yield stores.current()
    stores.forget()
    vars(connections["default"]).pop("pagecache_waiting", None)


@pytest.fixture
def small(settings, monkeypatch):
    """The small site in place of the whole one."""
    settings.ROOT_URLCONF = "tests.pagecache.site"
    settings.MIDDLEWARE = MIDDLEWARE
    settings.SITE_URL = "http://testserver"
    monkeypatch.setattr(registry, "_views", dict(small_site.STORED_VIEWS))
    monkeypatch.setattr(registry, "_variants", {})
    registry._view_name.cache_clear()
    small_site.world.__init__()
    # As Django's own test client does: no page here has a connection of its own.
    for signal_of_django in (request_started, request_finished):
        signal_of_django.disconnect(close_old_connections)
    yield small_site.world
    for signal_of_django in (request_started, request_finished):
        signal_of_django.connect(close_old_connections)
    registry._view_name.cache_clear()


@pytest.fixture
def reader(store, small):
    """Asks the small site through the front, as one process of the server would."""
    return Reader(front.answer_stored_pages(WSGIHandler()))


@pytest.fixture
def other_process(reader):
    """Another front with a memory of its own on the same store."""
    return Reader(front.Front(WSGIHandler()))
