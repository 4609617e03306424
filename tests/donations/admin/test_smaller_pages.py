"""Rates, events, names and letters at the desk, and what its first page says of them."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone
from lxml import html

from donations import alarms, inbox, letter_samples, public_names
from donations.models import Alarm, Currency, ExchangeRate, Intent, Payment, PublicName, StripeEvent
from foundation import clock
from tests import factories
from tests.donations.admin import pages
from tests.donations.stripe_facts import gift

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()


def rate(day: dt.date, figure: str | None, status: str = "accepted", currency: str = "EUR") -> ExchangeRate:
    return ExchangeRate.objects.create(
        base="USD", currency=currency, dated_on=day, rate=figure and Decimal(figure), source="ecb", status=status,
        recorded_at=clock.now(), written="something odd",
    )  # fmt: skip


class TestRates:
    ADD = "/admin/donations/exchangerate/add/"

    def test_one_that_waits_is_accepted_and_payments_have_it_at_once(self, desk, treasurer):
        payment = gift(clock.now(), currency="EUR", minor=1000)
        assert payment.base_micro is None
        day = TODAY - dt.timedelta(days=1)
        row = rate(day, "1.5", "waiting")
        rate(TODAY, "1.5")
        assert "Rates that wait for a person" in pages.text_of(desk.get("/admin/"))
        answered = pages.run_action(desk, "exchangerate", "accept", row)
        assert "1 accepted. 1 payment has its rate now." in pages.text_of(answered)
        row.refresh_from_db()
        assert (row.status, row.recorded_by) == ("accepted", treasurer)
        assert Payment.objects.get().base_micro == 15_000_000
        assert pages.log_of(row) == ["Decided: accepted."]

    def test_one_without_a_figure_cannot_be_accepted_and_is_refused(self, desk):
        row = rate(TODAY - dt.timedelta(days=1), None, "waiting")
        assert "Enter the rate by hand." in pages.text_of(pages.run_action(desk, "exchangerate", "accept", row))
        pages.run_action(desk, "exchangerate", "refuse", row)
        row.refresh_from_db()
        assert row.status == "refused"

    def test_one_is_entered_by_hand(self, desk, treasurer):
        day = TODAY - dt.timedelta(days=2)
        pages.send(desk, f"{self.ADD}?currency=GBP&dated_on={day}", rate="1.27")
        row = ExchangeRate.objects.get()
        assert (row.currency, row.dated_on, row.rate, row.source) == ("GBP", day, Decimal("1.27"), "manual")
        assert row.recorded_by == treasurer

    def test_one_far_from_the_rate_before_asks_whether_the_treasurer_is_sure(self, desk):
        rate(TODAY - dt.timedelta(days=3), "1.1")
        typed = {"currency": "EUR", "dated_on": str(TODAY - dt.timedelta(days=2)), "rate": "1.9"}
        assert "say that you are sure" in pages.text_of(pages.send(desk, self.ADD, **typed))
        assert ExchangeRate.objects.count() == 1
        pages.send(desk, self.ADD, **typed, is_sure="on")
        assert ExchangeRate.objects.count() == 2

    @pytest.mark.parametrize("typed", ["-1.1", "0", "", "-0", "x", "NaN"])
    def test_what_is_no_number_above_zero_is_told_in_those_words(self, desk, typed):
        told = pages.text_of(pages.send(desk, self.ADD, currency="EUR", dated_on=str(TODAY), rate=typed))
        assert "A rate is a number above zero, for example 1.0821." in told
        assert "E-10" not in told
        assert not ExchangeRate.objects.exists()

    @pytest.mark.parametrize("typed", [{"rate": "0"}, {"rate": "NaN"}, {"rate": "x"}, {"dated_on": "2999-01-01"}])
    def test_what_is_no_rate_is_told(self, desk, typed):
        fields = {"currency": "EUR", "dated_on": str(TODAY), "rate": "1.1", **typed}
        assert "errorlist" in pages.send(desk, self.ADD, **fields).content.decode()
        assert not ExchangeRate.objects.exists()

    def test_days_without_a_rate_are_listed_with_a_way_to_enter_them(self, desk):
        rate(TODAY - dt.timedelta(days=20), "1.1")
        page = desk.get(pages.address("exchangerate", "changelist"))
        assert "working days without a rate" in pages.text_of(page)
        assert "?currency=EUR&amp;dated_on=" in page.content.decode()

    def test_a_bank_that_cannot_be_asked_changes_nothing_and_says_so(self, desk, settings):
        settings.ECB_DAILY_URL = "http://127.0.0.1:9/eurofxref-daily.xml"
        answered = desk.post(pages.address("exchangerate", "fetch"), follow=True)
        assert "Nothing was changed: ECB_DAILY_URL gave nothing that can be used" in pages.text_of(answered)
        assert desk.get(pages.address("exchangerate", "fetch")).status_code == 405

    def test_fetching_is_not_offered_where_no_bank_is_asked(self, desk, settings):
        settings.ECB_DAILY_URL = ""
        assert "Fetch now" not in pages.text_of(desk.get(pages.address("exchangerate", "changelist")))


class TestEvents:
    def event(self, **fields) -> StripeEvent:
        fields = {
            "status": "failed",
            "reason": "ValueError: <b>odd</b>",
            "body": "{}",
            **fields,
        }
        return StripeEvent.objects.create(
            stripe_id=f"evt_{StripeEvent.objects.count()}", type="invoice.paid", livemode=False, object_id="in_1",
            created_at=clock.now(), received_at=timezone.now(), **fields,
        )  # fmt: skip

    def test_what_failed_is_shown_with_its_error_and_worked_on_again(self, desk):
        event = self.event()
        shown = desk.get(pages.address("stripeevent", "change", event.pk)).content.decode()
        assert "ValueError: &lt;b&gt;odd&lt;/b&gt;" in shown
        pages.run_action(desk, "stripeevent", "replay", event)
        event.refresh_from_db()
        assert (event.status, event.reason) == ("waiting", "")
        assert pages.log_of(event) == ["Had it worked on again."]

    def test_what_failed_or_looks_wrong_stands_first_at_the_desk(self, desk):
        self.event()
        self.event(status="quarantined", reason="It belongs to Stripe's other mode.")
        shown = pages.text_of(desk.get("/admin/"))
        assert "2 events from Stripe failed or look wrong" in shown
        assert "other mode" in shown

    def test_the_alarm_of_what_failed_says_what_to_do_and_ends_when_it_is_worked_on_again(self, desk):
        event = self.event()
        inbox.look_for_failed()
        shown = pages.text_of(desk.get("/admin/"))
        assert "Events failed and are tried no more" in shown
        assert "have it worked on again" in shown
        pages.run_action(desk, "stripeevent", "replay", event)
        assert "tried no more" not in pages.text_of(desk.get("/admin/"))

    def test_an_event_of_the_wrong_mode_is_shown(self, desk):
        event = self.event(status="quarantined")
        StripeEvent.objects.update(livemode=True)
        assert desk.get(pages.address("stripeevent", "change", event.pk)).status_code == 200

    def test_bodies_are_emptied_after_60_days(self, desk):
        old, new = self.event(), self.event()
        StripeEvent.objects.filter(pk=old.pk).update(received_at=timezone.now() - dt.timedelta(days=61))
        assert inbox.empty_old_bodies() == 1
        assert StripeEvent.objects.get(pk=new.pk).body == "{}"
        assert "emptied" in pages.text_of(desk.get(pages.address("stripeevent", "change", old.pk)))

    def test_each_thing_that_differs_has_a_line_of_its_own_and_none_is_cut_off(self, desk):
        told = [f"re_{number}: is a refund at Stripe (succeeded), and not in the ledger" for number in range(12)]
        alarms.sound(Alarm.Kind.DRIFT, "\n".join(told))
        page = html.fromstring(desk.get("/admin/").text)
        assert [each.text_content() for each in page.xpath("//li[starts-with(., 're_')]")] == told
        assert "reconcile_stripe --apply" in page.text_content()

    def test_an_alarm_stands_at_the_desk_until_it_is_over(self, desk):
        alarms.sound(Alarm.Kind.SILENCE, "No event for two days.")
        assert "Stripe has been silent. Since" in pages.text_of(desk.get("/admin/"))
        alarms.quiet(Alarm.Kind.SILENCE)
        assert "Stripe has been silent" not in pages.text_of(desk.get("/admin/"))


class TestNames:
    def name(self, **fields) -> PublicName:
        fields = {"public_name": "Ada", "name_status": "pending", "status": "completed", **fields}
        made = Intent.objects.create(
            id=uuid.uuid4(), livemode=False, kind="once", currency="USD", amount_minor=500, created_at=clock.now(),
            completed_at=clock.now(), **fields,
        )  # fmt: skip
        return PublicName.objects.get(pk=made.pk)

    @pytest.mark.parametrize("role", ["Editor", "Moderator", "Treasurer"])
    def test_those_who_judge_names_approve_and_reject_them(self, at_desk, role):
        ada, bob = self.name(), self.name(public_name="Bob")
        client = at_desk(factories.member_of(role))
        assert "Names of backers to be judged" in pages.text_of(client.get("/admin/"))
        pages.run_action(client, "publicname", "approve", ada)
        pages.run_action(client, "publicname", "reject", bob)
        assert set(Intent.objects.values_list("public_name", "name_status")) == {
            ("Ada", "approved"),
            ("Bob", "rejected"),
        }
        assert pages.log_of(ada) == ["Decided: shown on the backers’ page."]

    def test_who_does_not_wish_to_be_shown_cannot_be(self, desk):
        row = self.name(name_status="hidden", message="Hello")
        page = pages.text_of(desk.get(pages.address("publicname", "changelist")))
        assert "not to be shown" in page
        assert "Ada" not in page
        pages.run_action(desk, "publicname", "approve", row)
        assert Intent.objects.get().name_status == "hidden"

    def test_what_nobody_paid_for_is_not_listed(self, desk):
        self.name(status="open")
        assert "0 names" in pages.text_of(desk.get(pages.address("publicname", "changelist")))

    def test_an_approved_name_is_on_the_backers_page(self, desk, path, client):
        path.gift(minor=5000, public_name="Ada L.")
        assert public_names.names() == []
        pages.run_action(desk, "publicname", "approve", PublicName.objects.get())
        assert public_names.names() == ["Ada L."]
        assert "Ada L." in client.get("/support/backers/").content.decode()


class TestLetters:
    def test_every_letter_can_be_read_before_it_is_written(self, desk):
        listed = desk.get("/admin/donations/backer/letters/")
        for sample in letter_samples.SAMPLES:
            assert f"/admin/donations/backer/letters/{sample.name}/" in listed.content.decode()
            shown = desk.get(f"/admin/donations/backer/letters/{sample.name}/")
            assert sample.words().subject in pages.text_of(shown)
            html = desk.get(f"/admin/donations/backer/letters/{sample.name}/html/")
            assert "sandbox" in html["Content-Security-Policy"]
            assert html.content.decode() == sample.words().html

    def test_one_that_does_not_exist_is_not_found(self, desk):
        assert desk.get("/admin/donations/backer/letters/none/").status_code == 404


class TestCurrencies:
    def test_the_treasurer_changes_what_is_offered_and_never_the_code(self, desk):
        page = pages.address("currency", "change", "EUR")
        pages.send(desk, page, presets="5 10", minimum_minor="300")
        row = Currency.objects.get(pk="EUR")
        assert (row.presets, row.minimum_minor) == ("5 10", 300)
        assert 'name="code"' not in desk.get(page).content.decode()

    def test_suggestions_outside_the_limits_are_refused(self, desk):
        answered = pages.send(desk, pages.address("currency", "change", "EUR"), presets="1 10", minimum_minor="300")
        assert "outside the smallest and the largest" in pages.text_of(answered)
