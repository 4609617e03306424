"""Serves the figures to Prometheus. Its port is for the machine or the private network alone: nothing guards it."""

import signal
import threading

from django.core.management.base import BaseCommand

from foundation.metrics.collecting import registry
from foundation.metrics.shared import prometheus_client


class Command(BaseCommand):
    help = "Serves the figures to Prometheus until told to stop."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=9109)

    def handle(self, *, host, port, **options):
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        server, thread = prometheus_client.start_http_server(port, addr=host, registry=registry())
        self.stdout.write(f"Figures at http://{host}:{port}/metrics")
        self.stdout.flush()  # whoever reads it through a pipe is waiting for it
        stopped.wait()
        server.shutdown()
        server.server_close()
        thread.join()
