"""The webhook takes what Stripe signed in the last minutes, once, and nothing else."""

import contextlib
import os
import socket
import subprocess
import sys
import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from donations import mode
from donations.models import StripeEvent
from donations.views import webhook
from tests.articles.test_races import at_once
from tests.donations import signed
from tests.donations.signed import body_of, event, post, signature


@pytest.fixture(autouse=True)
def endpoint(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    settings.STRIPE_WEBHOOK_SECRETS = [signed.SECRET]
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    settings.STRIPE_SITE = "testserver"


def kept() -> int:
    return StripeEvent.objects.count()


@pytest.mark.django_db
def test_an_event_is_kept_as_it_came_and_waits_with_a_task():
    body = body_of(event("evt_a", "invoice.paid", "in_1"))
    answer = post(Client(enforce_csrf_checks=True), body)
    assert answer.status_code == 200
    row = StripeEvent.objects.get()
    assert (row.stripe_id, row.type, row.object_id, row.status) == ("evt_a", "invoice.paid", "in_1", "waiting")
    assert row.body == body.decode()
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_the_same_event_again_is_thanked_for_and_not_kept_again(client):
    assert [post(client, event()).status_code for _time in range(3)] == [200, 200, 200]
    assert (kept(), DBTaskResult.objects.count()) == (1, 1)


def other_byte(body: bytes, place: int) -> bytes:
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


@pytest.mark.django_db
def test_no_byte_of_a_signed_body_may_change(client):
    body = body_of(event())
    header = signature(body)
    for place in range(0, len(body), 7):
        assert post(client, other_byte(body, place), header).status_code == 400
    assert kept() == 0
    assert post(client, body, header).status_code == 200  # the control: it was the change that was refused
    assert kept() == 1


NOW = 1_800_000_000


@pytest.fixture
def time_stands():
    """So that a second more or less is told apart however slow the machine is."""
    with time_machine.travel(NOW, tick=False):
        yield


FORGED = {
    "none": lambda body: "",
    "nonsense": lambda body: "nonsense",
    "another secret": lambda body: signature(body, "whsec_other"),
    "an empty secret": lambda body: signature(body, ""),
    "an old scheme": lambda body: signature(body, scheme="v0"),
    "no stamp": lambda body: signature(body).partition(",")[2],
    "another stamp": lambda body: "t=1" + signature(body).partition("t=")[2],
    "two stamps": lambda body: f"t={NOW},{signature(body, at=1)}",
    "signs beyond ASCII": lambda body: signature(body)[:-1] + "é",
    "five minutes old": lambda body: signature(body, at=NOW - 301),
    "five minutes ahead": lambda body: signature(body, at=NOW + 301),
    "a stamp without end": lambda body: "t=" + "9" * 400 + ",v1=0",
    "a stamp below zero": lambda body: "t=-1,v1=0",
}


@pytest.mark.django_db
@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_signature_is_refused_and_nothing_kept(client, forge, time_stands):
    body = body_of(event())
    assert post(client, body, forge(body)).status_code == 400
    assert kept() == 0
    assert post(client, body).status_code == 200  # the control


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_differ_by_five_minutes(client, seconds, time_stands):
    assert post(client, event(), at=NOW + seconds).status_code == 200


@pytest.mark.django_db
def test_while_a_secret_is_replaced_both_are_good(client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    assert post(client, event("evt_1"), secret="whsec_old").status_code == 200
    assert post(client, event("evt_2"), secret="whsec_new").status_code == 200
    assert post(client, event("evt_3"), secret=signed.SECRET).status_code == 400
    body = body_of(event("evt_4"))
    both = f"{signature(body, 'whsec_gone')},{signature(body, 'whsec_old').partition(',')[2]}"
    assert post(client, body, both).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("secrets", [[], [""], ["  "]])
def test_without_a_secret_nobody_is_believed(client, settings, secrets):
    settings.STRIPE_WEBHOOK_SECRETS = secrets
    for secret in ("", "  ", signed.SECRET):
        assert post(client, event(), secret=secret).status_code == 400
    assert kept() == 0


def without(name: str) -> dict:
    return {key: value for key, value in event().items() if key != name}


UNREADABLE = {
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "a number": b"1",
    "endless nesting": b"[" * 200_000,
    "another object": body_of(event(object="invoice")),
    "no id": body_of(without("id")),
    "no type": body_of(without("type")),
    "no mode": body_of(without("livemode")),
    "no object": body_of(event(data={})),
    "a mode in words": body_of(event(livemode="false")),
    "an id that no database holds": body_of(event("evt_\0")),
    "an endless id": body_of(event("e" * 300)),
    "an object id that is a list": body_of(event(about=["in_1"])),
    "a time beyond the calendar": body_of(event(created=10**18)),
    "a time before it": body_of(event(created=-(10**18))),
}


@pytest.mark.django_db
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_signed_bytes_that_are_no_event_are_refused(client, body):
    assert post(client, body).status_code == 400
    assert kept() == 0


@pytest.mark.django_db
def test_more_than_an_event_can_be_is_not_read(client):
    spare = webhook.LARGEST_BODY - len(body_of(event(padding="")))
    assert post(client, event(padding="x" * spare)).status_code == 200
    assert post(client, event("evt_2", padding="x" * (spare + 1))).status_code == 413
    assert kept() == 1


@pytest.mark.django_db
def test_it_is_only_posted_to(client):
    assert client.get(signed.ADDRESS).status_code == 405


@contextlib.contextmanager
def table_gone(name: str):
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{name}" RENAME TO "{name}_gone"')
        yield
        cursor.execute(f'ALTER TABLE "{name}_gone" RENAME TO "{name}"')


@pytest.mark.django_db
@pytest.mark.parametrize("table", [StripeEvent._meta.db_table, DBTaskResult._meta.db_table])
def test_what_cannot_be_kept_with_its_task_is_asked_for_again(client, table):
    with table_gone(table):
        assert post(client, event()).status_code == 503
    assert (kept(), DBTaskResult.objects.count()) == (0, 0)
    assert post(client, event()).status_code == 200  # Stripe sends it again
    assert (kept(), DBTaskResult.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "account", "word"),
    [
        ({"livemode": True}, "", "mode"),
        ({"account": "acct_other"}, "", "acct_other"),
        ({"account": "acct_other"}, "acct_ours", "acct_other"),
        ({}, "acct_ours", "acct_ours"),
    ],
)
def test_another_mode_or_account_is_kept_apart_and_not_worked_on(client, settings, changes, account, word):
    settings.STRIPE_ACCOUNT = account
    assert post(client, event(**changes)).status_code == 200
    row = StripeEvent.objects.get()
    assert row.status == "quarantined"
    assert word in row.reason
    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db
def test_an_event_that_names_no_object_is_set_apart(client):
    post(client, event("evt_1", "invoice.paid", data={"object": {"object": "invoice"}}))
    post(client, event("evt_2", "balance.available", data={"object": {"object": "balance"}}))  # nothing follows
    assert list(StripeEvent.objects.order_by("pk").values_list("status", flat=True)) == ["quarantined", "done"]


@pytest.mark.django_db
def test_the_expected_account_is_worked_on(client, settings):
    settings.STRIPE_ACCOUNT = "acct_ours"
    post(client, event(account="acct_ours"))
    assert StripeEvent.objects.get().status == "waiting"


class Listener:
    """Counts who connects, and says nothing."""

    def __enter__(self):
        self.calls = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                caller, _address = self.server.accept()
                self.calls += 1
                caller.close()

    def __exit__(self, *args):
        self.server.close()


@pytest.mark.django_db
def test_nobody_is_asked_before_the_answer(client, settings):
    from donations import inbox
    from donations.stripe_gateway import StripeDown

    with Listener() as listener:
        settings.STRIPE_API_BASE = listener.address
        assert post(client, event("evt_a", "invoice.paid", "in_1")).status_code == 200
        assert listener.calls == 0
        with pytest.raises(StripeDown):  # the control: working on it asks
            inbox.work(StripeEvent.objects.get())
        assert listener.calls > 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_one_event_delivered_sixteen_times_at_once_is_kept_once():
    answers = []
    body = body_of(event())
    outcomes = at_once(*[lambda: answers.append(post(Client(), body).status_code)] * 16)
    assert outcomes == [None] * 16
    assert answers == [200] * 16
    assert (kept(), DBTaskResult.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("key", "secrets", "is_refused"),
    [
        ("", [], False),
        ("sk_test_1", ["whsec_1"], False),
        ("sk_test_1", [], True),
        ("sk_test_1", ["whsec_1", ""], True),
        ("", [" "], True),
    ],
)
def test_an_empty_secret_or_a_missing_one_is_refused(key, secrets, is_refused):
    assert bool(mode.refusal(key=key, secrets=secrets)) == is_refused


@pytest.mark.parametrize(("secrets", "ends_with"), [("", 1), ("whsec_1", 0)])
def test_the_start_is_refused_with_a_key_and_no_secret(secrets, ends_with):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "STRIPE_SECRET_KEY": "sk_test_1",
        "STRIPE_WEBHOOK_SECRETS": secrets,
    }
    started = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"], env=environment, capture_output=True, text=True
    )
    assert started.returncode == ends_with
    assert ("money would be taken" in started.stderr) == bool(ends_with)
