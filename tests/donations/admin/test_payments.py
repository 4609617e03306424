"""Payments at the desk: giving money back once, entering gifts by bank and cash, matching them."""

import datetime as dt

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from lxml import html

from donations import tally
from donations.models import Adjustment, Backer, Payment
from donations.quarters import Quarter
from foundation.models import Letter
from tests.donations.admin import pages
from tests.donations.stripe_facts import charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db


def backing(year: int, number: int) -> tuple:
    found = tally.for_quarter(Quarter(year, number))
    return found.backers, {each.currency: each.received_minor for each in found.currencies}


def only_payment() -> Payment:
    return Payment.objects.get()


class TestRefunds:
    def refund_page(self, payment) -> str:
        return pages.address("payment", "refund", payment.pk)

    @pytest.fixture
    def payment(self, path):
        path.gift(minor=5000)
        return only_payment()

    def refunds_at_stripe(self, path) -> list[int]:
        return [row["amount"] for row in path.stand_in.see("rows").get("refund", [])]

    def test_the_whole_is_given_back_after_it_was_asked_twice(self, desk, path, payment):
        assert backing(2027, 2) == (1, {"USD": 5000})
        asked = pages.send(desk, self.refund_page(payment), follow=False)
        assert "This cannot be undone." in pages.text_of(asked)
        assert self.refunds_at_stripe(path) == []
        done = pages.again(desk, self.refund_page(payment), asked, button="_confirm")
        assert "$50 USD go back, and the figures know of it." in pages.text_of(done)
        assert self.refunds_at_stripe(path) == [5000]
        assert backing(2027, 2) == (0, {})
        assert pages.log_of(payment) == ["Gave back $50 USD."]
        assert Letter.objects.filter(kind="refund").count() == 1

    def test_a_part_is_given_back_and_the_rest_still_counts(self, desk, path, payment):
        asked = pages.send(desk, self.refund_page(payment), amount="20,50", reason="asked by letter", follow=False)
        pages.again(desk, self.refund_page(payment), asked, button="_confirm")
        assert self.refunds_at_stripe(path) == [2050]
        assert backing(2027, 2) == (1, {"USD": 2950})
        assert pages.log_of(payment) == ["Gave back $20.50 USD (asked by letter)."]

    def test_a_button_that_is_pressed_twice_gives_back_once(self, desk, path, payment):
        asked = pages.send(desk, self.refund_page(payment), amount="10", follow=False)
        for _ in range(2):
            pages.again(desk, self.refund_page(payment), asked, button="_confirm")
        assert self.refunds_at_stripe(path) == [1000]
        assert Adjustment.objects.count() == 1

    def test_two_pages_are_two_refunds(self, desk, path, payment):
        for _ in range(2):
            asked = pages.send(desk, self.refund_page(payment), amount="10", follow=False)
            pages.again(desk, self.refund_page(payment), asked, button="_confirm")
        assert self.refunds_at_stripe(path) == [1000, 1000]

    @pytest.mark.parametrize("amount", ["60", "0", "-5", "€5", "five"])
    def test_what_cannot_be_given_back_is_not_asked_of_stripe(self, desk, path, payment, amount):
        answered = pages.send(desk, self.refund_page(payment), amount=amount, button="_confirm", follow=False)
        assert answered.status_code == 200
        assert 'class="errorlist"' in answered.content.decode()
        assert self.refunds_at_stripe(path) == []

    def test_while_stripe_is_down_the_page_says_that_nothing_is_known_and_keeps_its_key(self, desk, path, payment):
        asked = pages.send(desk, self.refund_page(payment), amount="10", follow=False)
        key = pages.fields_of(asked)["key"]
        path.stand_in.do("faults", status=500)
        failed = pages.again(desk, self.refund_page(payment), asked, button="_confirm")
        assert "not known" in pages.text_of(failed)
        assert pages.fields_of(failed)["key"] == key
        assert not Adjustment.objects.exists()
        assert pages.log_of(payment) == []
        path.stand_in.do("faults", status=0)
        pages.again(desk, self.refund_page(payment), failed, button="_confirm")
        assert self.refunds_at_stripe(path) == [1000]

    def test_nothing_is_left_to_give_back_of_what_was_returned(self, desk, path, payment):
        asked = pages.send(desk, self.refund_page(payment), follow=False)
        pages.again(desk, self.refund_page(payment), asked, button="_confirm")
        assert "Nothing is left" in pages.text_of(desk.get(self.refund_page(payment), follow=True))

    def test_a_payment_page_links_to_its_place_at_stripe(self, desk, payment, settings):
        page = pages.address("payment", "change", payment.pk)
        assert f'href="{settings.STRIPE_API_BASE}/' in desk.get(page).content.decode()
        settings.STRIPE_API_BASE = ""
        assert f"https://dashboard.stripe.com/test/payments/{payment.fact_key}" in desk.get(page).content.decode()


@pytest.fixture
def in_may():
    with time_machine.travel(utc(2027, 5, 10, 9), tick=False):
        yield


@pytest.mark.usefixtures("in_may")
class TestOfflineGifts:
    ADD = "/admin/donations/payment/add/"

    def enter(self, desk, **typed):
        fields = {"amount": "1.000,00", "currency": "USD", "received_on": "2027-05-08", "method": "bank", **typed}
        return pages.send(desk, self.ADD, **fields)

    def test_a_transfer_backs_the_quarter_after_its_day_and_is_thanked(self, desk, treasurer):
        answered = self.enter(desk, email="Bank@Example.org", name="Bea", note="ref 77")
        payment = only_payment()
        assert "Entered: $1000 USD, which back Q3 2027." in pages.text_of(answered)
        assert (payment.amount_minor, payment.method, payment.note) == (100000, "bank", "ref 77")
        assert payment.recorded_by == treasurer
        assert backing(2027, 3) == (1, {"USD": 100000})
        assert Letter.objects.get().to == "Bank@Example.org"
        assert LogEntry.objects.get().get_change_message() == "Entered an offline gift of $1000 USD."

    def test_a_form_that_is_sent_twice_is_one_gift(self, desk):
        opened = desk.get(self.ADD)
        for _ in range(2):
            pages.again(
                desk, self.ADD, opened, amount="5", received_on="2027-05-08", method="cash", email="a@example.org"
            )
        assert Payment.objects.count() == 1

    def test_it_is_given_to_a_backer_who_is_known_by_address_or_number(self, desk):
        self.enter(desk, email="bea@example.org")
        self.enter(desk, backer="BEA@example.org ", amount="7")
        self.enter(desk, backer=str(Backer.objects.get().pk), amount="8")
        assert Backer.objects.count() == 1
        assert backing(2027, 3) == (1, {"USD": 101500})

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("received_on", "2027-05-11"),
            ("received_on", "1027-05-08"),
            ("amount", "12.3456"),
            ("amount", "0"),
            ("amount", "100000000"),
            ("received_on", "2026-05-08"),
            ("currency", "JPY"),
            ("method", "stripe"),
            ("backer", "nobody@example.org"),
            ("backer", "999"),
        ],
    )
    def test_what_cannot_be_is_told_beside_the_field(self, desk, field, value):
        answered = self.enter(desk, **{field: value})
        assert f'id="id_{field}_error"' in answered.content.decode()
        assert not Payment.objects.exists()

    def test_a_day_long_ago_is_taken_once_it_was_said_to_be_right(self, desk):
        """A wrong year would put the beginning of all figures there, for good."""
        answered = self.enter(desk, received_on="2016-05-08")
        assert "That is more than a year ago." in pages.text_of(answered)
        self.enter(desk, received_on="2016-05-08", is_sure="on")
        assert str(only_payment().quarter) == "Q3 2016"

    @pytest.mark.parametrize(
        ("backs", "count"), [("8110", 1), ("8111", 0), ("1", 1), ("99999", 1), ("9" * 30, 1), ("-1", 1), ("²", 1)]
    )
    def test_a_quarter_that_there_is_not_filters_nothing(self, desk, backs, count):
        self.enter(desk)
        assert only_payment().quarter.ordinal == 8110
        listed = desk.get(pages.address("payment", "changelist"), {"backs": backs})
        assert listed.status_code == 200
        assert listed.context["cl"].result_count == count

    def test_somebody_known_and_somebody_new_at_once_is_refused(self, desk):
        self.enter(desk, email="bea@example.org")
        self.enter(desk, backer="bea@example.org", email="other@example.org")
        assert Payment.objects.count() == 1

    def test_it_can_be_taken_back_without_stripe(self, desk):
        self.enter(desk, email="bea@example.org")
        page = pages.address("payment", "refund", only_payment().pk)
        asked = pages.send(desk, page, reason="typed twice", follow=False)
        for _ in range(2):
            pages.again(desk, page, asked, button="_confirm")
        assert backing(2027, 3) == (0, {})
        assert Adjustment.objects.get().reason == "typed twice"


class TestMatching:
    def test_a_gift_that_came_through_stripe_after_all_counts_once_until_they_are_parted(self, desk, path):
        path.gift(minor=5000)
        entered = pages.send(
            desk, "/admin/donations/payment/add/", amount="50", email="other@example.org", method="cash"
        )
        assert "Are they one gift?" in pages.text_of(entered)
        gift, paid = Payment.objects.get(kind="offline"), Payment.objects.get(kind="once")
        assert backing(2027, 2) == (2, {"USD": 10000})
        page = pages.address("payment", "match", gift.pk)
        pages.send(desk, page, payment=str(paid.pk))
        assert backing(2027, 2) == (1, {"USD": 5000})
        pages.send(desk, page, button="_unmatch")
        assert backing(2027, 2) == (2, {"USD": 10000})
        assert pages.log_of(gift)[1:] == [
            f"Matched with the payment {paid.fact_key}.",
            "Parted from the payment at Stripe.",
        ]

    def test_only_an_equal_payment_is_offered_and_taken(self, desk, path):
        path.gift(minor=4900)
        pages.send(desk, "/admin/donations/payment/add/", amount="50", email="other@example.org", method="cash")
        gift, paid = Payment.objects.get(kind="offline"), Payment.objects.get(kind="once")
        page = pages.address("payment", "match", gift.pk)
        assert "None." in pages.text_of(desk.get(page))
        refused = desk.post(page, {"payment": paid.pk})
        assert "The gift is $50 USD, the payment $49 USD." in pages.text_of(refused)
        assert "Choose one" in pages.text_of(desk.post(page, {"payment": "x"}))
        assert Payment.objects.filter(matched=None).count() == 2


class TestTheList:
    def test_an_address_in_any_spelling_finds_its_payments(self, desk, path):
        path.gift(minor=5000, email="reader@example.org")
        Backer.objects.update(email="new@example.org")
        address = pages.address("payment", "changelist")
        assert "1 result" in pages.text_of(desk.get(address, {"q": "READER@Example.org"}))
        assert "0 results" in pages.text_of(desk.get(address, {"q": "nobody@example.org"}))

    @pytest.mark.parametrize("filters", [{"trouble": "warned"}, {"trouble": "rate"}, {"backs": "8109"}, {"backs": "x"},
                                         {"trouble": "disputed"}, {"trouble": "returned"}])  # fmt: skip
    def test_every_filter_answers(self, desk, path, filters):
        path.gift(minor=5000)
        assert desk.get(pages.address("payment", "changelist"), filters).status_code == 200

    def test_a_warning_of_fraud_is_seen_in_the_list_and_at_the_desk(self, desk, path):
        path.gift(minor=5000)
        Payment.objects.update(fraud_warned_at=timezone.now() - dt.timedelta(hours=1))
        assert "warned of fraud" in pages.text_of(desk.get(pages.address("payment", "changelist")))
        spare = "Warned of fraud: a refund now may spare a dispute"
        assert spare in pages.text_of(desk.get("/admin/"))
        charge = charge_of(Payment.objects.get())
        for status, is_open in (("needs_response", True), ("won", False)):  # too late to be spared
            take_back(charge, timezone.now(), kind="dispute", status=status)
            shown = pages.text_of(desk.get("/admin/"))
            assert (spare in shown, "Disputes that are open" in shown) == (False, is_open)
            assert ("Waits for our answer, since" in shown) == is_open

    def test_two_equal_gifts_within_the_hour_are_shown_at_the_desk(self, desk, path):
        for _ in range(2):
            path.gift(minor=5000)
        assert "two gifts of $50 USD" in pages.text_of(desk.get("/admin/"))


class TestAdjustments:
    LIST = "/admin/donations/adjustment/"

    def test_they_are_filtered_in_the_words_of_the_list(self, desk, path):
        for name, kind, status in (
            ("a", "dispute", "needs_response"),
            ("b", "dispute", "lost"),
            ("c", "refund", "failed"),
        ):
            given = gift(utc(2026, 11, 3), name=name, email=f"{name}@example.org")
            take_back(charge_of(given), utc(2026, 11, 20), kind=kind, status=status)
        assert "waits for our answer" in pages.text_of(desk.get(self.LIST))
        assert self.shown(desk, "state=lost") == self.shown(desk, "money=back") == ["lost"]
        assert self.shown(desk, "money=here") == ["failed", "waits for our answer"]
        assert len(self.shown(desk, "")) == 3

    def test_the_latest_is_the_first(self, desk, path):
        given = gift(utc(2026, 11, 3), name="a", email="a@example.org")
        for day, status in ((20, "failed"), (22, "succeeded"), (21, "pending")):
            take_back(charge_of(given), utc(2026, 11, day), minor=100, status=status, name=str(day))
        page = html.fromstring(desk.get(self.LIST).text)
        states = [cell.text_content() for cell in page.cssselect("td.field-state")]
        assert states == ["given back", "on its way", "failed"]

    def shown(self, desk, query: str) -> list[str]:
        page = html.fromstring(desk.get(f"{self.LIST}?{query}").text)
        return sorted(cell.text_content() for cell in page.cssselect("td.field-state"))
