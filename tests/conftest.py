"""Fixtures that several folders of tests share. Builders of rows stand in `tests/factories.py`."""

import hypothesis
import pytest
from django.core.management import call_command

from tests import written_by_migrations

# No property is about time, and a busy machine makes its examples slowly.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

written_by_migrations.always_put_back()


@pytest.fixture
def editor(db):
    from tests import factories

    return factories.editor()


@pytest.fixture
def editor_client(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def run_tasks(transactional_db):
    """Runs everything that was enqueued, by the real worker command."""

    def run():
        call_command("db_worker", batch=True, interval=0, startup_delay=False)

    return run
