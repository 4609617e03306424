"""A worker that is killed between asking Stripe and writing down the answer loses nothing and doubles nothing."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time

import pytest
import time_machine
from django.conf import settings as site_settings
from django.db import connection, transaction
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from donations import ground
from donations.models import LedgerGround, Payment, StripeEvent
from foundation import clock
from foundation.tasks import revive
from tests.donations.stripe_path import Path, figures

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="another process needs a database that it can reach"),
]


def start_worker(stand_in) -> subprocess.Popen:
    of = connection.settings_dict
    address = f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": address,
        "DEMO": "true",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEMO_CLOCK_FILE": str(stand_in.clock_file),
        "STRIPE_SECRET_KEY": site_settings.STRIPE_SECRET_KEY,
        "STRIPE_WEBHOOK_SECRETS": ",".join(site_settings.STRIPE_WEBHOOK_SECRETS),
        "STRIPE_API_BASE": stand_in.address,
        "STRIPE_SITE": "testserver",
    }
    command = [sys.executable, "manage.py", "db_worker", "--interval", "0.1", "--no-startup-delay", "--no-reload"]
    return subprocess.Popen(
        command, env=environment, cwd=site_settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def somebody_waits_for_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees others as they were at first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def test_a_worker_killed_with_the_answer_in_its_hands(stand_in, run_tasks):
    path = Path(stand_in)
    with ground.held():
        pass
    path.pay(path.ask())
    path.deliver()
    with transaction.atomic():
        LedgerGround.objects.select_for_update().get()
        worker = start_worker(stand_in)
        try:
            patience_ends = time.monotonic() + 120
            while not somebody_waits_for_the_lock():
                assert time.monotonic() < patience_ends, "the worker never came to write"
                assert worker.poll() is None, "the worker ended by itself"
                time.sleep(0.05)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    assert not Payment.objects.exists()
    assert DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).count() == 1
    run_tasks()
    stranded = StripeEvent.objects.filter(status="waiting")
    assert stranded.count() == 1  # the control: without help it would wait for ever
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=11)):
        assert revive() == (1, 0)
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=12)):
        run_tasks()
    assert not stranded.exists()
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert Payment.objects.count() == 1
