"""Deliveries to a real server, faults, a stand-in that is started again, and the process of its own."""

import contextlib
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
import stripe

from tests.fakestripe.running import KEY, SECRET, Refusal, StandIn
from tests.fakestripe.shopping import Shop

DAY = 86400


class Site:
    """Takes webhooks: `answers` says with what, the last one for all that follow."""

    def __init__(self, *answers: int):
        self.answers, self.taken, self.lock = list(answers or [200]), [], threading.Lock()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                event = stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], SECRET)
                with site.lock:
                    status = site.answers.pop(0) if len(site.answers) > 1 else site.answers[0]
                    if status == 200:
                        site.taken.append(event.id)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def events_of(stand_in) -> list[str]:
    return [event["id"] for event in stand_in.see("events")]


def test_events_arrive_once_each_in_their_order():
    with Site() as site, StandIn(webhook_url=site.url) as stand_in:
        Shop(stand_in).pledge()
        stand_in.do("clock", advance=200 * DAY)
        stand_in.wait_until_delivered()
        assert site.taken == events_of(stand_in)
        assert {event["pending_webhooks"] for event in stand_in.see("events")} == {0}


def test_an_event_is_tried_again_until_it_is_taken():
    with Site(503, 500, 200) as site, StandIn(webhook_url=site.url) as stand_in:
        Shop(stand_in).api.customers.create({})
        stand_in.wait_until_delivered()
        assert site.taken == events_of(stand_in)


def until(condition, seconds: float = 30) -> None:
    """A bound for what never comes, not for how soon it comes."""
    patience_ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < patience_ends
        time.sleep(0.02)


def test_a_site_that_is_down_is_waited_for():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens, so that whoever calls is refused
        with StandIn(webhook_url=f"http://127.0.0.1:{taken.getsockname()[1]}/hook") as stand_in:
            Shop(stand_in).api.customers.create({})
            until(lambda: stand_in.see("deliveries")["refused"])
            assert stand_in.see("deliveries")["waiting"] == 1


def test_events_can_be_dropped_repeated_and_shuffled(stand_in):
    """Nobody carries them away meanwhile, so that all of them wait and the seed alone decides."""
    stand_in.do("faults", drop=0.2, duplicate=0.3, shuffle=True, seed=7)
    shop = Shop(stand_in)
    for number in range(10):
        shop.pledge(email=f"reader{number}@example.org")
    made = events_of(stand_in)
    taken = [parcel["event"] for parcel in stand_in.do("deliveries/take", limit=1000)]
    arrived = set(taken)
    assert 0.1 < 1 - len(arrived) / len(made) < 0.3
    assert len(taken) > len(arrived)
    first_arrivals = list(dict.fromkeys(taken))
    assert first_arrivals != [event for event in made if event in arrived]


def test_what_is_repeated_and_delayed_arrives_over_http_too():
    with Site() as site, StandIn(webhook_url=site.url) as stand_in:
        stand_in.do("faults", duplicate=1, delay=0.2)
        Shop(stand_in).pledge()
        stand_in.wait_until_delivered()
        assert sorted(site.taken) == sorted(events_of(stand_in) * 2)


def test_a_dropped_event_is_listed_and_can_be_delivered_by_hand():
    with Site() as site, StandIn(webhook_url=site.url) as stand_in:
        stand_in.do("faults", drop=1.0)
        shop = Shop(stand_in)
        shop.api.customers.create({})
        stand_in.do("faults", drop=0)
        lost = shop.api.events.list({"delivery_success": False}).data
        assert len(lost) == 1
        stand_in.do(f"events/{lost[0].id}/deliver")
        stand_in.wait_until_delivered()
        assert site.taken == [lost[0].id]
        assert shop.api.events.list({"delivery_success": False}).data == []


@pytest.mark.parametrize("status", [429, 500])
def test_the_api_can_be_down(stand_in, status):
    shop = Shop(stand_in)
    stand_in.do("faults", status=status)
    with pytest.raises((stripe.APIError, stripe.RateLimitError)):
        shop.api.customers.create({})
    stand_in.do("faults", status=0)
    assert shop.api.customers.list().data == []


@pytest.mark.parametrize("fault", [{"dorp": 1}, {"drop": "much"}])
def test_a_fault_that_does_not_exist_is_refused(stand_in, fault):
    before = stand_in.see("faults")
    with pytest.raises(Refusal):
        stand_in.do("faults", **fault)
    assert stand_in.see("faults") == before


@pytest.mark.parametrize("move", [{}, {"to": "tomorrow"}, {"advance": 1, "to": 2}, {"seconds": 10**10}])
def test_the_clock_moves_only_where_it_is_told_clearly(stand_in, move):
    with pytest.raises(Refusal):
        stand_in.do("clock", **move)
    assert stand_in.see("clock")["offset"] == 0


def test_a_lost_answer_and_a_retry_make_one_object(stand_in):
    stand_in.do("faults", lose_answers=True, next_requests=1)
    shop = Shop(stand_in, retries=1)
    customer = shop.api.customers.create({"name": "once"})
    assert [one.id for one in shop.api.customers.list().data] == [customer.id]


def test_a_refused_connection_did_nothing(stand_in):
    stand_in.do("faults", refuse=True, next_requests=1)
    shop = Shop(stand_in)
    with pytest.raises(stripe.APIConnectionError):
        shop.api.customers.create({})
    assert shop.api.customers.list().data == []


def test_an_answer_can_take_longer_than_anybody_waits(stand_in):
    stand_in.do("faults", hang_seconds=1.5, next_requests=1)
    shop = Shop(stand_in)
    shop.http._timeout = 0.3
    with pytest.raises(stripe.APIConnectionError):
        shop.api.customers.create({"name": "made all the same"})
    shop.http._timeout = 10
    until(lambda: [one.name for one in shop.api.customers.list().data] == ["made all the same"])


def test_the_next_renewal_can_be_told_to_fail(stand_in):
    shop = Shop(stand_in)
    subscription = shop.pledge()
    stand_in.do("faults", next_renewal="insufficient_funds")
    stand_in.do("clock", to=subscription.items.data[0].current_period_end + DAY)
    assert shop.charges(subscription.customer)[-1].outcome.reason == "insufficient_funds"
    stand_in.do("clock", advance=3 * DAY)
    assert shop.again(subscription).status == "active"


def test_everything_is_remembered_over_a_restart(tmp_path):
    state, clock_file = tmp_path / "state.sqlite3", tmp_path / "clock.json"
    with StandIn(clock_file, state=state) as stand_in:
        shop = Shop(stand_in)
        subscription = shop.pledge(card="4000000000000341")
        stand_in.do("clock", to=subscription.items.data[0].current_period_end + DAY)
        customer = shop.api.customers.create({}, {"idempotency_key": "kept"})
        before, waiting = stand_in.see("rows"), stand_in.see("deliveries")["waiting"]
        offset = stand_in.see("clock")["offset"]
        told = shop.event_types()
    with StandIn(clock_file, state=state) as stand_in:
        shop = Shop(stand_in)
        after = stand_in.see("rows")
        assert json.dumps(after) == json.dumps(before)
        assert stand_in.see("deliveries")["waiting"] == waiting
        assert shop.event_types() == told
        assert stand_in.see("clock")["offset"] == offset
        assert shop.api.customers.create({}, {"idempotency_key": "kept"}).id == customer.id
        stand_in.do("clock", advance=15 * DAY)
        assert shop.invoices(subscription)[1].attempt_count == 4


def test_a_session_is_completed_once_however_many_press_the_button(stand_in):
    shop = Shop(stand_in)
    session = shop.pledge_session()
    outcomes = []

    def press():
        try:
            stand_in.do(f"checkout/{session.id}/complete", card="4242424242424242", email="reader@example.org")
            outcomes.append("paid")
        except Exception:
            outcomes.append("refused")

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["paid"] + ["refused"] * 9
    assert len(shop.api.subscriptions.list().data) == len(shop.api.charges.list().data) == 1


@contextlib.contextmanager
def started(*arguments: str, command: list[str] | None = None):
    """A process of its own, with its address once it listens. It is ended at the end, if it has not ended before."""
    command = command or [sys.executable, "-m", "fakestripe", "--port", "0", "--key", KEY, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


def client_of(address: str):
    return stripe.StripeClient(KEY, base_addresses={"api": address}).v1


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_fake/clock", timeout=30):
            return True
    except OSError:
        return False


def test_the_process_ends_when_it_is_told_to(tmp_path):
    state, clock_file = tmp_path / "state.sqlite3", tmp_path / "clock.json"
    with started("--state", str(state), "--clock-file", str(clock_file)) as (process, address):
        assert answers(address)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert not answers(address)
    assert clock_file.read_text() == "0"


def test_only_the_types_that_an_endpoint_was_registered_for_are_delivered():
    with started("--webhook-secret", SECRET, "--events", "customer.created,charge.refunded") as (_, address):
        client = client_of(address)
        client.customers.create({})
        client.products.create({"name": "Pledge"})
        with urllib.request.urlopen(f"{address}/_fake/deliveries") as answer:
            assert json.load(answer)["waiting"] == 1
        waiting = client.events.list({"delivery_success": False}).data
    assert [event.type for event in waiting] == ["customer.created"]


def test_the_process_ends_with_the_one_that_started_it():
    inner = f"{sys.executable} -m fakestripe --port 0"
    script = f"import subprocess, time; subprocess.Popen({inner.split()!r}); time.sleep(60)"
    with started(command=[sys.executable, "-c", script]) as (parent, address):
        assert answers(address)
        os.kill(parent.pid, signal.SIGKILL)
        parent.communicate(timeout=30)  # comes to an end when nobody is left who could write
        assert not answers(address)


def test_a_killed_stand_in_has_lost_nothing_that_it_answered(tmp_path):
    state = str(tmp_path / "state.sqlite3")
    with started("--state", state) as (process, address):
        client = client_of(address)
        made = [client.customers.create({"name": str(number)}).id for number in range(20)]
        process.kill()
    with started("--state", state) as (_, address):
        found = [one.id for one in client_of(address).customers.list({"limit": 100}).data]
    assert found == made[::-1]
