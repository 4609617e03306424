"""Prepares the demo's site where needed, serves it, and stops every process it started."""

import argparse
import contextlib
import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from antiempire.demo.family import Family, Helper, ParentGone, StepFailed
from antiempire.demo.home import HOST, PROJECT, AlreadyRunning, FolderUnfit, Home

START_SECONDS = 60
ANOTHER_FOLDER = 'Name another one: make demo ARGS="--folder /path/to/folder"'
SERVER = (
    *("-m", "antiempire.serve", "--host", HOST, "--workers", "1", "--blocking-threads", "4"),
    *("--respawn-failed-workers", "--workers-kill-timeout", "3", "--log-level", "warning"),
)


class StopAsked(Exception):
    """Ctrl-C, or a polite signal."""


class CannotStart(Exception):
    """Says in its words what to do."""


def main() -> int:
    options = read_arguments()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    folder = options.folder.resolve()
    try:
        home = Home(folder)
        home.insist_on_room()
        run(home, options.port)
    except (StopAsked, ParentGone):
        with contextlib.suppress(OSError):  # the terminal may be what has gone
            say("\nStopped.")
    except AlreadyRunning:
        return refuse(f"The demo is running already in {shown(folder)}. Stop it first with Ctrl-C.")
    except FolderUnfit as reason:
        return refuse(f"{shown(folder)} cannot be the demo's folder{joined(reason)} {ANOTHER_FOLDER}")
    except CannotStart as reason:
        return refuse(str(reason))
    except StepFailed as reason:
        return refuse(why_it_failed(home, reason))
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        return refuse(f"The demo cannot go on: {error.strerror or error}{where}.")
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description="Runs the site with sample content.")
    parser.add_argument("--port", type=port_number, default=8000)
    parser.add_argument("--folder", type=Path, default=PROJECT / "var" / "demo", help="where the demo keeps its site")
    return parser.parse_args()


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535, for example 8001")
    return int(text)


def ask_to_stop(number, frame):
    """Asked once; further signals (make repeats the terminal's) must not interrupt the stopping itself."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise StopAsked


def joined(reason: FolderUnfit) -> str:
    return f" {reason}" if str(reason).startswith("(") else f": {reason}"


def why_it_failed(home: Home, reason: StepFailed) -> str:
    if home.free_mb() < 1:
        return f"{reason}. The disk is full: make room in {shown(home.folder)}, and run the same command again."
    return f"{reason}; the lines above say why. Nothing was lost: run the same command again."


def refuse(words: str) -> int:
    print(f"\n{words}", file=sys.stderr)
    return 1


def say(words: str) -> None:
    print(words, flush=True)


def shown(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def run(home: Home, port: int) -> None:
    with home.locked() as lock:
        insist_on_free(port)
        stripe_port = home.stand_in_port(port)
        family = Family(folder=PROJECT, environ=home.environ(port, stripe_port), hold_open=lock)
        try:
            stand_in = start_stand_in(home, family, port, stripe_port)
            prepare(home, family)
            server = family.start(*SERVER, "--port", str(port))
            await_answer(family, server, port)
            helpers = [
                stand_in,
                Helper("worker", ("manage.py", "db_worker", "--verbosity", "0")),
                Helper("timer", ("manage.py", "run_timers", "--stay", "--brief")),
            ]
            for helper in helpers:
                helper.keep_alive(family)
            announce(home, port, stripe_port)
            attend(family, server, helpers)
        finally:
            family.stop()


def insist_on_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} cannot be used ({error.strerror}). Choose another: make demo PORT={another_port(port)}"
            ) from error


def another_port(port: int) -> int:
    """Lower ones are the system's."""
    return port + 1 if 1024 <= port < 65535 else 8001


def start_stand_in(home: Home, family: Family, port: int, stripe_port: int) -> Helper:
    """Before everything else: the first run's history is played against it."""
    if not home.database.exists():
        home.clear_first_run()
    stand_in = Helper("stand-in for Stripe", stand_in_command(home, port, stripe_port), is_quiet=True)
    stand_in.keep_alive(family)
    patience_ends = time.monotonic() + START_SECONDS
    while not ask(stripe_port, "/_fake/clock"):
        if stand_in.process.poll() is not None or time.monotonic() > patience_ends:
            raise CannotStart("The stand-in for Stripe could not start; the lines above say why.")
        family.pause(stand_in.process)
    return stand_in


def stand_in_command(home: Home, port: int, stripe_port: int) -> tuple[str, ...]:
    kept = home.secrets()
    return (
        *("-m", "fakestripe", "--port", str(stripe_port), "--state", str(home.stripe_state)),
        *("--clock-file", str(home.clock_file), "--key", kept["STRIPE_SECRET_KEY"]),
        *("--webhook-url", f"http://{HOST}:{port}/support/stripe/webhook/"),
        *("--webhook-secret", kept["STRIPE_WEBHOOK_SECRET"]),
    )


def prepare(home: Home, family: Family) -> None:
    if home.database.exists():
        say("==> Bringing the database up to date")
        family.run("manage.py", "migrate", "--verbosity", "0")
    else:
        make_site(home, family)
    if not home.static_is_collected():
        say("==> Collecting style sheets and scripts")
        family.run("manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0")
        home.remember_static()


def make_site(home: Home, family: Family) -> None:
    login = home.secrets()
    environ = {
        "DATABASE_URL": home.begin_database(),
        "DJANGO_SUPERUSER_EMAIL": login["LOGIN_EMAIL"],
        "DJANGO_SUPERUSER_PASSWORD": login["LOGIN_PASSWORD"],
    }
    say("==> Making the database (first run only)")
    family.run("manage.py", "migrate", "--verbosity", "0", **environ)
    family.run("manage.py", "createsuperuser", "--noinput", "--verbosity", "0", **environ)
    say("==> Loading the sample content (first run only)")
    family.run("manage.py", "load_sample_content", **environ)
    say("==> Playing some quarters of pledges and gifts (first run only)")
    family.run("manage.py", "load_sample_rates", "--verbosity", "0", **environ)
    family.run("-m", "antiempire.demo.history", **environ)
    say("==> Letting readers comment (first run only)")
    family.run("manage.py", "load_sample_comments", **environ)
    home.finish_database()


def await_answer(family: Family, server: subprocess.Popen, port: int) -> None:
    say("==> Starting the server")
    patience_ends = time.monotonic() + START_SECONDS
    while time.monotonic() < patience_ends:
        if server.poll() is not None:
            raise CannotStart("The server could not start; the lines above say why.")
        status = ask(port, "/")
        if status == http.client.OK:
            return
        if status:
            raise CannotStart(f"The server runs, but the home page answers {status}; the lines above say why.")
        family.pause(server)
    raise CannotStart(f"The server gave no answer for {START_SECONDS} seconds.")


def ask(port: int, path: str) -> int | None:
    """The status of that page, or None while nobody listens."""
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def announce(home: Home, port: int, stripe_port: int) -> None:
    login = home.secrets()
    say(f"""
The site:          http://{HOST}:{port}/
The editors' desk: http://{HOST}:{port}/admin/ (comments that wait: /admin/comments/comment/)
The payment desk:  http://{HOST}:{stripe_port}/ (plays Stripe, and moves the demo's clock; no money anywhere)
Login: {login["LOGIN_EMAIL"]} {login["LOGIN_PASSWORD"]}

Ctrl-C stops everything. Your articles and pledges stay in {shown(home.folder)} for the next time.""")


def attend(family: Family, server: subprocess.Popen, helpers: list[Helper]) -> None:
    while server.poll() is None:
        family.pause(server)
        for helper in helpers:
            helper.keep_alive(family)
    raise CannotStart(f"The server ended by itself with code {server.returncode}; the lines above say why.")


if __name__ == "__main__":
    sys.exit(main())
