"""What the system checks say, and that they say nothing of a site that is set up well."""

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError
from django.test import override_settings

from donations import checks, mode, tally
from donations.models import Backer, Contribution, Currency, LedgerGround, Payment
from tests.donations.stripe_facts import gift, utc

GOOD = {
    "DEBUG": False,
    "STRIPE_SECRET_KEY": "sk_test_1",
    "STRIPE_WEBHOOK_SECRETS": ["whsec_1"],
    "STRIPE_API_BASE": "",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz-0123456789-secret",
    "BACKER_HASH_KEY": "zyxwvutsrqponmlkjihgfedcba-9876543210-hashes",
}


def found(**changed) -> set[str]:
    with override_settings(**GOOD | changed):
        messages = [
            *checks.settings_of_stripe(None),
            *checks.settings_of_backers(None),
            *checks.the_ledger_stands_on_its_ground(None),
        ]
    return {message.id.removeprefix("donations.") for message in messages}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"STRIPE_SECRET_KEY": "", "STRIPE_WEBHOOK_SECRETS": []},
        {"STRIPE_SECRET_KEY": "rk_live_1"},
        {"STRIPE_WEBHOOK_SECRETS": ["whsec_1", "whsec_2"]},
        {"BOOKS_CLOSE_AFTER_DAYS": 1},
        {"STRIPE_API_BASE": "http://127.0.0.1:9", "DEBUG": True, "BACKER_HASH_KEY": "short"},
    ],
)
def test_a_site_that_is_set_up_well_hears_nothing(changed):
    assert found(**changed) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"STRIPE_SECRET_KEY": "pk_live_1"}, "E001"),
        ({"STRIPE_WEBHOOK_SECRETS": []}, "E002"),
        ({"STRIPE_WEBHOOK_SECRETS": ["whsec_1", ""]}, "E002"),
        ({"STRIPE_WEBHOOK_SECRETS": [" "]}, "E002"),
        ({"STRIPE_SECRET_KEY": ""}, "E003"),
        ({"STRIPE_SECRET_KEY": "sk_live_1", "DEBUG": True}, "E004"),
        ({"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_API_BASE": "http://127.0.0.1:9"}, "E005"),
        ({"BACKER_HASH_KEY": "zyxwvutsrqponmlkjihg"}, "W001"),
        ({"BACKER_HASH_KEY": "ababab" * 10}, "W001"),
        ({"BACKER_HASH_KEY": GOOD["SECRET_KEY"]}, "W002"),
        ({"BASE_CURRENCY": "SEK"}, "W004"),
        ({"BOOKS_CLOSE_AFTER_DAYS": 0}, "E007"),
        ({"BOOKS_CLOSE_AFTER_DAYS": -3, "DEBUG": True}, "E007"),
    ],
)
def test_each_mistake_is_named(changed, expected):
    assert found(**changed) == {expected}


@pytest.mark.django_db
@pytest.mark.parametrize("moved", [{"TIME_ZONE": "Asia/Tokyo"}, {"BASE_CURRENCY": "EUR"}])
def test_zone_and_base_currency_may_change_until_the_first_payment_and_not_after(moved):
    assert found(**moved) == set()
    gift(utc(2027, 3, 20))
    assert found() == set()
    assert found(**moved) == {"E006"}


@pytest.mark.django_db
def test_what_the_ledger_was_begun_under_is_told():
    LedgerGround.objects.create(pk=1, time_zone="UTC", base_currency="USD")
    with override_settings(TIME_ZONE="Europe/Paris"):
        (message,) = checks.the_ledger_stands_on_its_ground(None)
    assert "TIME_ZONE was UTC and is Europe/Paris" in message.msg


@pytest.mark.django_db
def test_a_test_key_beside_real_payments_is_noticed():
    gift(utc(2027, 3, 20))
    assert found() == set()
    Payment.objects.update(livemode=True)
    assert found() == {"W003"}
    assert found(STRIPE_SECRET_KEY="sk_live_1") == set()


@pytest.mark.django_db
def test_a_site_of_real_money_that_lost_its_key_goes_on_telling_its_figures():
    """Otherwise every page would say that nobody backs, for as long as pledging is closed."""
    with time_machine.travel(utc(2027, 3, 20), tick=False):
        gift(utc(2027, 3, 20))
        for model in (Backer, Payment, Contribution):
            model.objects.update(livemode=True)
        closed = {"STRIPE_SECRET_KEY": "", "STRIPE_WEBHOOK_SECRETS": []}
        assert found(**closed) == {"W005"}
        assert found(**closed, STRIPE_LIVE=True) == set()
        with override_settings(**closed, STRIPE_LIVE=True):
            assert tally.for_sentence().backers == 1


def test_a_key_says_by_itself_which_mode_it_is_of():
    for key, live in (("sk_test_1", False), ("rk_test_1", False), ("sk_live_1", True), ("rk_live_1", True)):
        for said in (True, False):
            with override_settings(STRIPE_SECRET_KEY=key, STRIPE_LIVE=said):
                assert mode.is_live() is live


@pytest.mark.django_db
def test_a_site_without_any_currency_yet_is_not_told_that_its_base_currency_is_missing():
    Currency.objects.all().delete()
    assert found() == set()


def test_checks_say_nothing_while_there_is_no_database_to_ask(monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("no such table")

    monkeypatch.setattr(LedgerGround.objects, "first", fail)
    assert list(checks.the_ledger_stands_on_its_ground(None)) == []


@pytest.mark.django_db
@override_settings(
    STRIPE_SECRET_KEY="sk_live_1", STRIPE_WEBHOOK_SECRETS=["whsec_1"], STRIPE_API_BASE="http://a.example"
)
def test_the_command_that_checks_the_site_runs_them():
    with pytest.raises(SystemCheckError, match=r"donations\.E005"):
        call_command("check")
