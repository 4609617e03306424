"""`python -m fakestripe`: runs until SIGTERM or SIGINT, or until the process that started it is gone."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from fakestripe.engine import Options
from fakestripe.serving import Server


def main() -> int:
    parent = os.getppid()  # before anybody is told that it runs, and may end
    arguments = _arguments()
    server = Server(
        Options(
            key=arguments.key,
            state=arguments.state,
            clock_file=arguments.clock_file,
            webhook_url=arguments.webhook_url,
            webhook_secret=arguments.webhook_secret,
            wanted_events=tuple(arguments.events.split(",")),
            carriers=arguments.carriers,
        ),
        arguments.port,
    ).start()
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    sys.stdout.write(f"Listening on {server.address}\n")
    sys.stdout.flush()
    while not is_over.wait(0.5):
        if os.getppid() != parent and not arguments.outlive_parent:
            break
    server.stop()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fakestripe", description="A stand-in for Stripe, on this machine only.")
    parser.add_argument("--port", type=int, default=8100, help="0 takes any free one")
    parser.add_argument("--state", type=Path, help="an SQLite file; without it everything is kept in memory")
    parser.add_argument("--clock-file", type=Path, help="where the offset is told to the site")
    parser.add_argument("--webhook-url", default="", help="where events are delivered")
    parser.add_argument("--webhook-secret", default="", help="signs them")
    parser.add_argument("--carriers", type=int, default=1, help="deliveries under way at the same time")
    parser.add_argument("--events", default="*", help="types that are delivered, by commas")
    parser.add_argument("--key", default="sk_test_standin", help="the only API key that is let in")
    parser.add_argument("--outlive-parent", action="store_true", help="go on when the starting process has ended")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
