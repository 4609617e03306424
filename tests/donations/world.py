"""One invented year at a stand-in, and a site that hears of it by post."""

import contextlib
import datetime as dt
import hashlib
import hmac
import io
import json
import time
from collections.abc import Iterable

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult

from antiempire.demo.standin import StandIn as Operator
from foundation import clock
from tests.donations import comparison
from tests.donations.year import Part, Year
from tests.fakestripe.running import KEY, SECRET, WEBHOOK

SITE = "testserver"
BEGIN = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
# What a site has before anybody pledges.
KEPT = {"Currency", "ExchangeRate"}


class World:
    def __init__(self, stand_in, parts: Iterable[Part]):
        self.desk = Operator(stand_in.address, KEY)
        self.client = Client()
        self.year = Year(self.desk, begin=BEGIN)
        self.year.play(parts)
        self.events: list[dict] = self.desk.see("events")  # of the year; what they lead to makes further ones
        self._offered = {event["id"] for event in self.events}

    @classmethod
    @contextlib.contextmanager
    def of(cls, stand_ins, parts: Iterable[Part]):
        """A stand-in of its own, and a ledger without a row, since one test may see many years."""
        forget_everything()
        with stand_ins() as stand_in:
            yield cls(stand_in, parts)

    def deliver(self, events: Iterable[dict]) -> None:
        """Each is answered with success, then the worker does what is to be done."""
        for event in events:
            self.post(event)
        self.settle()

    def settle(self) -> None:
        """The worker's own acts at Stripe are told by events too; none of those is lost."""
        self.work()
        while news := [event for event in self.desk.see("events") if event["id"] not in self._offered]:
            for event in news:
                self._offered.add(event["id"])
                self.post(event)
            self.work()

    def post(self, event: dict) -> None:
        body = json.dumps(event, indent=2).encode()
        stamp = int(time.time())
        proof = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        response = self.client.post(
            WEBHOOK,
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": f"t={stamp},v1={proof}"},
        )
        assert response.status_code // 100 == 2, response.status_code

    def work(self) -> None:
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    def repair(self) -> None:
        """It says by its ending that there was something to repair."""
        with contextlib.suppress(CommandError):
            self.reconcile("--apply")
        self.settle()

    def finds_nothing(self) -> bool:
        try:
            self.reconcile()
        except CommandError:
            return False
        return True

    def reconcile(self, *options: str) -> None:
        self.said = io.StringIO()
        call_command("reconcile_stripe", "--from", BEGIN.date().isoformat(), *options, stdout=self.said)

    def differences(self) -> list[str]:
        return comparison.differences(self.desk.see("rows"), site=SITE, now=clock.now())


def forget_everything() -> None:
    """Donations, letters and tasks; deletion by SQL, since protected rows would have to go one by one."""
    models = [
        *(model for model in apps.get_app_config("donations").get_models() if model.__name__ not in KEPT),
        apps.get_model("foundation", "Letter"),
        DBTaskResult,
    ]
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
            cursor.execute(f"TRUNCATE {names} CASCADE")
        else:
            for model in models:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
