"""Rates from a bank that answers over real HTTP on this machine: whole, late, odd and spoilt."""

import datetime as dt
import logging
import time
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from donations import rates, sample_rates, tally
from donations.models import Currency, ExchangeRate, LedgerGround, Payment
from donations.quarters import Quarter
from foundation import clock, timers
from tests.donations import bank
from tests.donations.stripe_facts import PledgeStory, gift, utc
from tests.donations.test_ecb import BOMB
from tests.foundation.fake_service import FakeService, Reply

pytestmark = pytest.mark.django_db

FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (dt.date(2026, 11, day) for day in (20, 23, 24, 25))
GOOD_FRIDAY = dt.date(2026, 4, 3)
EUR, GBP, CAD = Decimal("1.08"), Decimal("1.2558139535"), Decimal("0.7297297297")


@pytest.fixture(autouse=True)
def evening_of_tuesday():
    with time_machine.travel(utc(2026, 11, 24, 19), tick=False):
        yield


@pytest.fixture
def the_bank(settings):
    with FakeService() as platform:
        settings.ECB_DAILY_URL = f"{platform.origin}/daily/eurofxref-daily.xml"
        settings.ECB_HISTORY_URL = f"{platform.origin}/history/eurofxref-hist-90d.xml"
        publish(platform, daily=bank.on(TUESDAY), history=bank.until(TUESDAY, 60))
        yield platform


def publish(platform, **files: bytes):
    for name, body in files.items():
        platform.replies(name, Reply(body=body, content_type="text/xml"))


def asked(platform) -> list[str]:
    return [request.path.split("/")[1] for request in platform.requests]


def rate(currency, day, value, *, source="ecb", status="accepted"):
    return ExchangeRate.objects.create(
        base="USD",
        currency=currency,
        dated_on=day,
        rate=value and Decimal(value),
        source=source,
        status=status,
        recorded_at=clock.now(),
    )


def row(currency, day=TUESDAY) -> ExchangeRate:
    return ExchangeRate.objects.get(currency=currency, dated_on=day)


def everything() -> list:
    return list(ExchangeRate.objects.order_by("pk").values_list())


# What a payment is given


def test_the_base_currency_is_worth_itself():
    assert rates.before("USD", TUESDAY) == rates.PinnedRate(Decimal(1), MONDAY)
    assert rates.latest("USD") == rates.PinnedRate(Decimal(1), TUESDAY)


def test_a_payment_is_given_the_last_rate_dated_before_it():
    rate("EUR", MONDAY, "1.08")
    rate("EUR", TUESDAY, "1.09")
    assert rates.before("EUR", TUESDAY) == rates.PinnedRate(Decimal("1.08"), MONDAY)


@pytest.mark.parametrize("day", [dt.date(2026, 11, 21), dt.date(2026, 11, 22), MONDAY])
def test_over_a_weekend_fridays_rate_holds(day):
    rate("EUR", FRIDAY, "1.08")
    assert rates.before("EUR", day) == rates.PinnedRate(Decimal("1.08"), FRIDAY)


def test_over_easter_thursdays_rate_holds_until_tuesday():
    rate("EUR", dt.date(2026, 4, 2), "1.08")
    for day in (GOOD_FRIDAY, dt.date(2026, 4, 6), dt.date(2026, 4, 7)):
        assert rates.before("EUR", day).dated_on == dt.date(2026, 4, 2)
    assert rates.before("EUR", dt.date(2026, 4, 8)) is None


def test_while_a_later_rate_may_still_come_none_is_given():
    rate("EUR", FRIDAY, "1.08")
    assert rates.before("EUR", TUESDAY) is None


def test_once_the_bank_has_gone_on_the_rate_before_its_silence_is_given():
    rate("EUR", FRIDAY, "1.08")
    rate("EUR", TUESDAY, "1.09")
    assert rates.before("EUR", TUESDAY) == rates.PinnedRate(Decimal("1.08"), FRIDAY)


def test_a_rate_entered_by_hand_does_not_prove_that_the_bank_was_silent():
    rate("EUR", FRIDAY, "1.08")
    rate("EUR", TUESDAY, "1.09", source="manual")
    assert rates.before("EUR", TUESDAY) is None


def test_a_waiting_rate_in_between_is_waited_for():
    rate("EUR", FRIDAY, "1.08")
    doubtful = rate("EUR", MONDAY, "10.8", status="waiting")
    rate("EUR", TUESDAY, "1.09")
    assert rates.before("EUR", TUESDAY) is None
    rates.refuse(doubtful, by=None)
    assert rates.before("EUR", TUESDAY).dated_on == FRIDAY


@pytest.mark.parametrize(("missing", "is_given"), [(1, True), (3, True), (6, True), (7, False), (10, False)])
def test_no_payment_is_given_a_rate_older_than_a_week(missing, is_given):
    rate("EUR", FRIDAY, "1.08")
    day = FRIDAY + dt.timedelta(days=missing + 1)
    rate("EUR", day, "1.09")
    assert (rates.before("EUR", day) is not None) is is_given


def test_nothing_is_inferred_over_a_hole_longer_than_the_bank_is_ever_silent():
    rate("EUR", FRIDAY, "1.08")
    rate("EUR", FRIDAY + dt.timedelta(days=15), "1.09")
    assert rates.before("EUR", TUESDAY) is None


def test_a_retired_currency_keeps_its_rate_for_promises_and_converts_no_later_payment():
    rate("BGN", dt.date(2026, 6, 1), "0.55")
    assert rates.latest("BGN").rate == Decimal("0.55")
    assert rates.before("BGN", dt.date(2026, 6, 2)).rate == Decimal("0.55")
    assert rates.before("BGN", TUESDAY) is None


def test_only_accepted_rates_convert():
    rate("EUR", MONDAY, "1.08", status="waiting")
    rate("GBP", MONDAY, "1.25", status="refused")
    assert [rates.before(code, TUESDAY) or rates.latest(code) for code in ("EUR", "GBP")] == [None, None]


def test_rates_against_another_base_convert_nothing(settings):
    rate("GBP", MONDAY, "1.25")
    settings.BASE_CURRENCY = "EUR"
    assert rates.before("GBP", TUESDAY) is None


def test_the_latest_rate_is_not_from_the_future():
    rate("EUR", MONDAY, "1.08")
    rate("EUR", dt.date(2029, 12, 31), "1.5", source="sample")
    assert rates.latest("EUR") == rates.PinnedRate(Decimal("1.08"), MONDAY)


def test_the_sentence_converts_promises_at_the_latest_rate_of_today():
    rate("EUR", dt.date(2026, 5, 14), "1.08")
    rate("EUR", dt.date(2029, 12, 31), "9", source="sample")
    with time_machine.travel(utc(2026, 5, 14, 12), tick=False):
        story = PledgeStory(utc(2026, 2, 15), currency="EUR", minor=1000)
        story.tell()
        found = tally.for_quarter(Quarter(2026, 3))
    assert (found.backers, found.promised_micro) == (1, 10_800_000)


@given(minor=st.integers(0, 10**9), value=st.decimals("0.0000000001", "9999999999", places=10))
def test_the_base_amount_is_the_nearest_millionth(minor, value):
    micro = rates.to_base_micro(minor, "EUR", value)
    assert abs(Decimal(micro) - Decimal(minor) * value * 10_000) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("minor", "currency", "value", "micro"),
    [(2500, "EUR", "1.08", 27_000_000), (500, "JPY", "0.0064", 3_200_000), (1, "KWD", "3.25", 3250)]
    + [(1, "EUR", "0.00005", 0), (1, "EUR", "0.00015", 2), (1, "EUR", "0.00025", 2)],  # half to even
)
def test_minor_units_become_millionths(minor, currency, value, micro):
    assert rates.to_base_micro(minor, currency, Decimal(value)) == micro


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2024, 3, 29), (2024, 4, 1), (2025, 4, 18), (2025, 4, 21), (2026, 4, 3), (2026, 4, 6)]
    + [(2027, 3, 26), (2027, 3, 29), (2038, 4, 23), (2038, 4, 26), (2026, 1, 1), (2026, 5, 1), (2026, 12, 25)],
)
def test_the_bank_is_closed_on_its_holidays(year, month, day):
    assert not rates.is_working_day(dt.date(year, month, day))


def test_the_bank_works_some_250_days_a_year():
    for year in range(2002, 2050):
        days = [dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(365)]
        assert 250 <= sum(map(rates.is_working_day, days)) <= 259


# Fetching


def test_the_first_fetch_brings_the_history_too(the_bank):
    assert rates.fetch_daily() == rates.Stored(accepted=4 * 60)
    assert asked(the_bank) == ["daily", "history"]
    assert {code: row(code).rate for code in ("EUR", "GBP", "CAD")} == {"EUR": EUR, "GBP": GBP, "CAD": CAD}
    assert set(ExchangeRate.objects.values_list("currency", flat=True)) == {"EUR", "GBP", "CAD", "AUD"}
    assert rates.before("EUR", WEDNESDAY) == rates.PinnedRate(EUR, TUESDAY)


def test_the_next_days_file_alone_is_enough(the_bank):
    rates.fetch_daily()
    the_bank.requests.clear()
    with time_machine.travel(utc(2026, 11, 25, 19), tick=False):
        publish(the_bank, daily=bank.on(WEDNESDAY))
        assert rates.fetch_daily() == rates.Stored(accepted=4)
    assert asked(the_bank) == ["daily"]


def test_a_file_read_again_changes_nothing(the_bank):
    rates.fetch_daily()
    before = everything()
    assert rates.fetch_daily() == rates.fetch_history() == rates.Stored()
    assert everything() == before


def test_an_accepted_rate_never_changes(the_bank):
    rates.fetch_daily()
    publish(the_bank, daily=bank.on(TUESDAY, USD="1.0900"), history=bank.until(TUESDAY, 60, USD="1.0900"))
    rates.fetch_daily()
    rates.fetch_history()
    assert row("EUR").rate == EUR


@pytest.mark.parametrize("missing", range(1, 11))
def test_missed_days_are_filled_from_the_history(the_bank, missing):
    known = TUESDAY
    for _ in range(missing + 1):
        known = rates.last_publication_before(known)
    publish(the_bank, daily=bank.on(known), history=bank.until(known, 40))
    rates.fetch_daily()
    publish(the_bank, daily=bank.on(TUESDAY), history=bank.until(TUESDAY, 60))
    assert rates.fetch_daily() == rates.Stored(accepted=4 * (missing + 1) + 4 * (19 - missing))
    assert rates.gaps() == []


def test_no_day_is_stored_ahead_of_a_hole_that_cannot_be_filled(the_bank):
    rate("EUR", FRIDAY, "1.08")
    the_bank.replies("history", Reply(status=503))
    before = everything()
    with pytest.raises(rates.NotFetched, match="ECB_HISTORY_URL"):
        rates.fetch_daily()
    assert everything() == before
    assert rates.before("EUR", TUESDAY) is None


def test_a_new_currency_gets_its_history(the_bank):
    rates.fetch_daily()
    Currency.objects.create(code="SEK", presets="100 250", minimum_minor=3000, maximum_minor=5_000_000)
    assert rates.fetch_daily() == rates.Stored(accepted=60)


def test_a_currency_that_the_bank_drops_holds_nothing_up(the_bank):
    rates.fetch_daily()
    the_bank.requests.clear()
    for day in (25, 26):
        with time_machine.travel(utc(2026, 11, day, 19), tick=False):
            without = {code: figure for code, figure in bank.FIGURES.items() if code != "AUD"}
            publish(the_bank, daily=bank.file_of({dt.date(2026, 11, day): without}))
            assert rates.fetch_daily() == rates.Stored(accepted=3)
            assert rates.latest("AUD").dated_on == TUESDAY
    assert asked(the_bank) == ["daily", "daily"]


def test_a_currency_that_became_the_euro_goes_on_at_its_fixed_rate(the_bank):
    Currency.objects.create(code="BGN", presets="20 50", minimum_minor=500, maximum_minor=500_000)
    rates.fetch_daily()
    assert row("BGN").rate == Decimal("0.5521952317")  # 1.08 / 1.95583


def test_the_base_currency_may_be_the_euro_itself(the_bank, settings):
    settings.BASE_CURRENCY = "EUR"
    rates.fetch_daily()
    assert row("USD").rate == Decimal("0.9259259259")
    assert row("GBP").rate == Decimal("1.1627906977")
    assert not ExchangeRate.objects.filter(currency="EUR").exists()


def test_a_base_currency_that_the_bank_does_not_list_is_said(the_bank, settings):
    settings.BASE_CURRENCY = "ARS"
    with pytest.raises(rates.NotFetched, match="ARS"):
        rates.fetch_daily()
    assert everything() == []


# What is odd waits


@pytest.mark.parametrize("odd", ["NaN", "0", "0.0000", "-0.86", "", "N/A", "1e5", "inf"])
def test_what_is_no_number_above_zero_waits_without_a_figure(the_bank, caplog, odd):
    rates.fetch_daily()
    with time_machine.travel(utc(2026, 11, 25, 19), tick=False):
        publish(the_bank, daily=bank.on(WEDNESDAY, GBP=odd))
        assert rates.fetch_daily() == rates.Stored(accepted=3, waiting=1)
        assert rates.latest("GBP") == rates.PinnedRate(GBP, TUESDAY)
        assert rates.before("GBP", dt.date(2026, 11, 26)) is None
    doubtful = row("GBP", WEDNESDAY)
    assert (doubtful.status, doubtful.rate) == ("waiting", None)
    assert doubtful.written == f"{odd} GBP and 1.0800 USD for 1 EUR"
    assert any(record.levelno == logging.ERROR and "waits" in record.message for record in caplog.records)


@pytest.mark.parametrize(
    ("figure", "status"),
    [("8.6", "waiting"), ("0.086", "waiting"), ("1.1627", "waiting"), ("0.71", "waiting"), ("1.08", "waiting")]
    + [("0.72", "accepted"), ("1.03", "accepted"), ("0.8601", "accepted")],
)
def test_a_jump_of_more_than_a_fifth_waits(the_bank, figure, status):
    rates.fetch_daily()
    with time_machine.travel(utc(2026, 11, 25, 19), tick=False):
        publish(the_bank, daily=bank.on(WEDNESDAY, GBP=figure))
        rates.fetch_daily()
    assert row("GBP", WEDNESDAY).status == status
    assert row("CAD", WEDNESDAY).status == "accepted"


def test_a_file_turned_upside_down_waits_altogether(the_bank):
    rates.fetch_daily()
    inverted = {code: f"{1 / Decimal(figure):.6f}" for code, figure in bank.FIGURES.items()}
    with time_machine.travel(utc(2026, 11, 25, 19), tick=False):
        publish(the_bank, daily=bank.on(WEDNESDAY, **inverted))
        assert rates.fetch_daily() == rates.Stored(waiting=4)


def test_an_odd_figure_of_the_base_currency_makes_all_wait(the_bank):
    rates.fetch_daily()
    with time_machine.travel(utc(2026, 11, 25, 19), tick=False):
        publish(the_bank, daily=bank.on(WEDNESDAY, USD="10.8"))
        assert rates.fetch_daily() == rates.Stored(waiting=4)


def test_what_the_bank_corrects_is_taken_up(the_bank):
    rates.fetch_daily()
    with time_machine.travel(utc(2026, 11, 25, 19), tick=False):
        publish(the_bank, daily=bank.on(WEDNESDAY, GBP="8.6"))
        rates.fetch_daily()
        publish(the_bank, daily=bank.on(WEDNESDAY, GBP="0.85"), history=bank.until(WEDNESDAY, 60, GBP="0.85"))
        assert rates.fetch_daily() == rates.Stored(accepted=1)
    assert row("GBP", WEDNESDAY).status == "accepted"


def test_what_a_person_refused_stays_refused_until_the_bank_says_otherwise(the_bank, editor):
    rates.fetch_daily()
    with time_machine.travel(utc(2026, 11, 25, 19), tick=False):
        publish(the_bank, daily=bank.on(WEDNESDAY, GBP="8.6"))
        rates.fetch_daily()
        rates.refuse(row("GBP", WEDNESDAY), by=editor)
        assert rates.fetch_daily() == rates.Stored()
        assert row("GBP", WEDNESDAY).status == "refused"
        publish(the_bank, daily=bank.on(WEDNESDAY))
        assert rates.fetch_daily() == rates.Stored(accepted=1)


def test_the_database_itself_takes_no_accepted_rate_without_a_figure():
    for value in (None, "0", "-1"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rate("EUR", MONDAY, value)


# What a person does


def test_accepting_a_true_jump_lets_the_days_after_it_in(editor):
    rate("GBP", FRIDAY, "1.25")
    crash = rate("GBP", MONDAY, "0.90", status="waiting")
    rate("GBP", TUESDAY, "0.91", status="waiting")
    assert rates.latest("GBP").rate == Decimal("1.25")
    rates.accept(crash, by=editor)
    assert rates.latest("GBP") == rates.PinnedRate(Decimal("0.91"), TUESDAY)
    assert row("GBP", MONDAY).recorded_by == editor


def test_accepting_a_misprint_would_not_let_the_next_misprint_in(editor):
    rate("GBP", FRIDAY, "1.25")
    misprint = rate("GBP", MONDAY, "12.5", status="waiting")
    rate("GBP", TUESDAY, "125", status="waiting")
    rates.accept(misprint, by=editor)
    assert row("GBP", TUESDAY).status == "waiting"


def test_a_rate_without_a_figure_cannot_be_accepted_but_entered(editor):
    doubtful = rate("GBP", MONDAY, None, status="waiting")
    with pytest.raises(rates.NotEntered, match="by hand"):
        rates.accept(doubtful, by=editor)
    entered = rates.enter("GBP", MONDAY, Decimal("1.25"), by=editor)
    assert entered.pk == doubtful.pk
    assert (entered.source, entered.status, entered.recorded_by) == ("manual", "accepted", editor)
    assert rates.before("GBP", TUESDAY).rate == Decimal("1.25")


@pytest.mark.parametrize("verb", [rates.accept, rates.refuse])
def test_what_was_decided_is_not_decided_again(editor, verb):
    accepted = rate("GBP", MONDAY, "1.25")
    with pytest.raises(rates.NotEntered):
        verb(accepted, by=editor)


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity", "1e10", "1e-11", "1e99999"])
def test_what_is_no_rate_cannot_be_entered(editor, value):
    with pytest.raises(rates.NotEntered):
        rates.enter("GBP", MONDAY, Decimal(value), by=editor)


def test_a_rate_that_payments_may_rest_on_is_not_entered_again(editor):
    rate("GBP", MONDAY, "1.25")
    with pytest.raises(rates.NotEntered, match="payments rest on it"):
        rates.enter("GBP", MONDAY, Decimal("1.26"), by=editor)


def test_neither_the_base_currency_nor_the_future_has_a_rate_to_enter(editor):
    with pytest.raises(rates.NotEntered):
        rates.enter("USD", MONDAY, Decimal(1), by=editor)
    with pytest.raises(rates.NotEntered):
        rates.enter("GBP", WEDNESDAY, Decimal(1), by=editor)


def test_a_slip_of_the_hand_is_asked_about(editor):
    rate("GBP", FRIDAY, "1.25")
    with pytest.raises(rates.Doubtful):
        rates.enter("GBP", MONDAY, Decimal("125"), by=editor)
    assert rates.enter("GBP", MONDAY, Decimal("2"), by=editor, is_sure=True).rate == 2


def test_gaps_are_the_working_days_without_a_rate_and_what_waits_there():
    rate("EUR", dt.date(2026, 11, 18), "1.08")
    rate("EUR", FRIDAY, "1.08")
    doubtful = rate("EUR", MONDAY, "9", status="waiting")
    assert rates.gaps(["EUR"]) == [
        rates.Gap("EUR", MONDAY, doubtful),
        rates.Gap("EUR", dt.date(2026, 11, 19), None),
    ]
    assert rates.gaps(["GBP"]) == [rates.Gap("GBP", MONDAY, None)]


# Failure changes nothing


FAILURES = {
    "status 404": Reply(status=404),
    "status 500": Reply(status=500),
    "empty": Reply(body=b"", content_type="text/xml"),
    "a web page": Reply(body=b"<html></html>", content_type="text/html"),
    "a web page that says it is XML": Reply(body=b"<html><body/></html>", content_type="text/xml"),
    "truncated": Reply(body=bank.on(TUESDAY)[:-40], content_type="text/xml"),
    "cut off on the way": Reply(
        raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 99999\r\n\r\n" + bank.on(TUESDAY)[:-40]
    ),
    "an entity bomb": Reply(body=BOMB, content_type="text/xml"),
    "huge": Reply(body=b"<!--" + b"x" * 70_000 + b"-->" + bank.on(TUESDAY), content_type="text/xml"),
    "elsewhere": Reply(status=302, headers={"Location": "http://127.0.0.1:1/daily"}),
    "a day that has not come": Reply(body=bank.on(dt.date(2026, 11, 26)), content_type="text/xml"),
    "no HTTP": Reply(raw=b"EUR 1.08\r\n\r\n"),
}


@pytest.mark.parametrize("reply", FAILURES.values(), ids=FAILURES.keys())
@pytest.mark.parametrize("file", ["daily", "history"])
def test_a_failure_warns_and_changes_nothing(the_bank, caplog, file, reply):
    rate("EUR", FRIDAY, "1.08")
    before = everything()
    if reply.body.startswith(b"<!--") and file == "history":
        reply = Reply(body=b"<!--" + b"x" * 25 * 1024 * 1024 + b"-->", content_type="text/xml")
    the_bank.replies(file, reply)
    with pytest.raises(CommandError, match="not fetched"):
        call_command("fetch_exchange_rates")
    assert everything() == before
    assert [record.levelname for record in caplog.records if "were not fetched" in record.message] == ["WARNING"]
    assert rates.latest("EUR") == rates.PinnedRate(Decimal("1.08"), FRIDAY)


def test_a_bank_that_answers_drop_by_drop_is_left_in_time(the_bank, monkeypatch):
    monkeypatch.setitem(rates._DAILY_LIMITS, "time_limit", 0.5)
    the_bank.replies("daily", Reply(body=bank.on(TUESDAY), content_type="text/xml", seconds_per_byte=0.05))
    began = time.monotonic()
    with pytest.raises(rates.NotFetched, match="too long"):
        rates.fetch_daily()
    assert time.monotonic() - began < 3


def test_a_bank_that_cannot_be_reached_changes_nothing(settings):
    settings.ECB_DAILY_URL = "http://127.0.0.1:1/daily.xml"
    with pytest.raises(rates.NotFetched, match="no connection"):
        rates.fetch_daily()


@pytest.mark.parametrize("url", ["http://10.0.0.1/daily.xml", "https://127.0.0.1/daily.xml", "ftp://x.example/", "x"])
def test_addresses_that_are_not_guarded_are_refused(settings, url):
    settings.ECB_DAILY_URL = url
    with pytest.raises(rates.NotFetched, match="https addresses|private network"):
        rates.fetch_daily()


def test_without_an_address_nothing_is_fetched(settings):
    settings.ECB_DAILY_URL = ""
    with pytest.raises(rates.NotFetched, match="ECB_DAILY_URL is empty"):
        rates.fetch_daily()


# The commands


def test_the_fetch_is_timed():
    assert timers._timers["fetch_exchange_rates"].every <= dt.timedelta(hours=6)


def test_the_command_pins_the_payments_that_waited(the_bank, capsys):
    payment = gift(utc(2026, 11, 24, 8), currency="EUR", minor=1000)
    assert payment.base_micro is None
    call_command("fetch_exchange_rates")
    payment.refresh_from_db()
    assert (payment.rate, payment.rate_dated_on, payment.base_micro) == (EUR, MONDAY, 10_800_000)
    assert "1 payments pinned" in capsys.readouterr().out


def test_when_an_event_arrives_does_not_matter_to_its_rate(the_bank):
    publish(the_bank, history=bank.file_of({FRIDAY: bank.FIGURES, MONDAY: {**bank.FIGURES, "USD": "1.0900"}}))
    early = gift(utc(2026, 11, 24, 8), currency="EUR", minor=1000, name="early")
    call_command("fetch_exchange_rates")
    late = gift(utc(2026, 11, 24, 8), currency="EUR", minor=1000, name="late")
    early.refresh_from_db()
    assert early.base_micro == late.base_micro == 10_900_000


def test_older_payments_are_converted_by_the_whole_history(the_bank):
    payment = gift(utc(2024, 7, 10), currency="EUR", minor=1000)
    call_command("fetch_exchange_rates")
    assert Payment.objects.without_rate().get() == payment
    publish(the_bank, history=bank.until(TUESDAY, 800))
    call_command("fetch_exchange_rates", "--history")
    assert Payment.objects.get().rate_dated_on == dt.date(2024, 7, 9)


def test_fetching_rates_does_not_settle_the_ledgers_ground(the_bank):
    call_command("fetch_exchange_rates")
    assert not LedgerGround.objects.exists()


def test_the_sample_covers_every_working_day_and_always_says_the_same(capsys):
    call_command("load_sample_rates")
    first = everything()
    call_command("load_sample_rates")
    assert everything() == first
    for currency in ("EUR", "GBP", "CAD", "AUD", "JPY"):
        dates = set(ExchangeRate.objects.filter(currency=currency, source="sample").values_list("dated_on", flat=True))
        assert dates == set(sample_rates.working_days())
    assert sample_rates.rate_on(TUESDAY, "EUR", "USD") == Decimal("1.1365790863")
    assert "invented" in capsys.readouterr().out


def test_a_sample_never_jumps():
    days = list(sample_rates.working_days())
    for currency in sample_rates.currencies("USD"):
        figures = [sample_rates.rate_on(day, currency, "USD") for day in days]
        assert all(abs(b / a - 1) < Decimal("0.02") for a, b in zip(figures, figures[1:], strict=False))


def test_with_the_sample_every_payment_of_the_demo_has_a_rate():
    call_command("load_sample_rates")
    day = dt.date(2024, 1, 3)
    while day <= dt.date(2029, 12, 31):
        assert rates.before("JPY", day), day
        day += dt.timedelta(days=11)


def test_invented_rates_and_the_banks_do_not_mix(the_bank, settings):
    call_command("load_sample_rates")
    with pytest.raises(rates.NotFetched, match="load_sample_rates --remove"):
        rates.fetch_daily()
    call_command("load_sample_rates", "--remove")
    assert rates.fetch_daily().accepted
    with pytest.raises(CommandError, match="do not mix"):
        call_command("load_sample_rates")


def test_invented_rates_are_not_put_beside_a_live_key(settings):
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    with pytest.raises(CommandError, match="live"):
        call_command("load_sample_rates")


def test_there_are_no_sample_rates_against_a_currency_without_a_sample(settings):
    settings.BASE_CURRENCY = "ARS"
    with pytest.raises(CommandError, match="ARS"):
        call_command("load_sample_rates")
