"""A name that may be shown no longer, and a process that dies as soon as that is written: another finds its note."""

import inspect

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import RequestFactory

from donations import cache_tags, sync
from donations.admin.dedications import DedicationAdmin
from donations.admin.names import PublicNameAdmin
from donations.models import Dedication, Intent, PublicName
from donations.views import dedications, manage_gifts
from foundation import clock
from pagecache import stores
from tests.donations.stripe_facts import gift

pytestmark = pytest.mark.django_db(transaction=True)
REJECTED = Intent.NameStatus.REJECTED


class Died(BaseException):
    """No handler of the site catches it."""


@pytest.fixture
def payment(settings, tmp_path):
    settings.BASE_CURRENCY, settings.STRIPE_SECRET_KEY = "USD", "sk_test_1"
    payment = gift(clock.now(), name="first")
    Intent.objects.filter(pk=payment.intent_id).update(public_name="Ada", name_status="approved")
    Dedication.objects.create(intent_id=payment.intent_id, name="Bo", name_status="approved")
    settings.PAGE_CACHE_URL = f"file://{tmp_path / 'pages'}"
    yield payment
    stores.forget()
    vars(connection).pop("pagecache_waiting", None)


def judge(desk_of, model, pk):
    desk = desk_of(model, admin.site)
    desk.log_change = lambda *told: None
    desk._judge(None, model.objects.filter(pk=pk), REJECTED, "not shown")


VERBS = {
    "a name is refused": lambda payment: judge(PublicNameAdmin, PublicName, payment.intent_id),
    "the name of another is refused": lambda payment: judge(DedicationAdmin, Dedication, payment.intent_id),
    "the name of another is taken back": lambda payment: inspect.unwrap(dedications.hide)(
        RequestFactory().post("/"), payment.backer, payment.intent_id
    ),
    "a name is taken back": lambda payment: manage_gifts._keep(
        Intent.objects.get(pk=payment.intent_id), {"show_name": False, "public_name": "", "message": ""}
    ),
    "the money went back by the bank": sync._hide_names,
}


def shown(payment) -> int:
    names = Intent.objects.filter(pk=payment.intent_id), Dedication.objects.filter(pk=payment.intent_id)
    return sum(rows.filter(name_status="approved").count() for rows in names)


def notes() -> list:
    return list(stores.current().intents.folder.glob("*.json"))


def die(*told, **named):
    raise Died


@pytest.mark.parametrize("verb", VERBS)
def test_a_name_goes_though_the_process_dies_that_took_it_off(verb, payment, monkeypatch):
    assert (shown(payment), notes()) == (2, [])
    monkeypatch.setattr(stores.Store, "carry_out", die)
    with pytest.raises(Died):
        VERBS[verb](payment)
    assert (shown(payment), len(notes())) == (1, 1)
    assert cache_tags.NAMES in notes()[0].read_text()


def test_outside_of_a_transaction_nothing_would_be_left(payment, monkeypatch):
    """So that the one above can fail."""
    monkeypatch.setattr(stores.Store, "carry_out", die)
    with pytest.raises(Died):
        cache_tags.names_changed()
    assert notes() == []
    with pytest.raises(Died), transaction.atomic():
        cache_tags.names_changed()
    assert len(notes()) == 1
