"""A pledge that becomes one in another currency: no quarter is paid twice, and none is left out."""

import pytest

from donations import completion, drift, managing, reconcile, stripe_gateway, tally
from donations.admin import panels
from donations.models import Backer, Intent, Payment, Pledge
from foundation.models import Letter
from tests.donations.reader import PAYS, Reader, hear

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86400
BOUNCES = "4000000000000002"


@pytest.fixture
def old(reader):
    return Pledge.objects.get()


def change_to_euros(reader, old) -> str:
    reader.open(f"/support/manage/pledges/{old.pk}/currency/eur/")
    reader.send(choice="2500")
    return reader.session()


def backers_of(quarter) -> int:
    return tally.for_quarter(quarter).backers


def test_the_choice_names_the_other_currencies(reader, old):
    page = reader.open(f"/support/manage/pledges/{old.pk}/currency/")
    assert [code for code in ("EUR", "GBP", "CAD", "AUD") if f">{code}</a>" in page.text] == [
        "EUR",
        "GBP",
        "CAD",
        "AUD",
    ]
    assert ">USD</a>" not in page.text
    assert reader.client.get(f"/support/manage/pledges/{old.pk}/currency/usd/").status_code == 404
    assert reader.client.get(f"/support/manage/pledges/{old.pk}/currency/jpy/").status_code == 404


def test_the_payment_page_leads_back_to_the_currency_and_amount_that_were_typed(reader, old, stand_in):
    session = change_to_euros(reader, old)
    (made,) = [each for each in stand_in.see("rows")["checkout.session"] if each["id"] == session]
    reader.open(made["cancel_url"].removeprefix("http://testserver"))
    assert "From USD to EUR" in reader.said()
    assert "nothing was charged" in reader.said()
    assert reader.form()["choice"] == "2500"
    reader.send()
    assert reader.session() == session


def test_the_new_pledge_is_first_charged_when_the_old_one_would_have_been(reader, old, stand_in, run_tasks):
    due_at = old.next_charge_at
    session = change_to_euros(reader, old)
    reader.pay(session)
    reader.thanks(session)
    assert f"the first payment is on {due_at:%-d %B %Y}" in reader.said()
    assert "Nothing was charged today" in reader.said()
    assert "The receipt comes when it is paid." in reader.said()
    assert "A letter with your receipt is on its way" not in reader.said()
    run_tasks()
    old.refresh_from_db()
    new = Pledge.objects.exclude(pk=old.pk).get()
    assert (old.status, new.status, new.currency, new.anchor_at) == ("canceled", "trialing", "EUR", due_at)
    assert Backer.objects.count() == 1
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    paid = Payment.objects.order_by("succeeded_at").values_list("currency", "quarter")
    assert [currency for currency, _quarter in paid] == ["USD", "EUR"]
    quarters = [quarter for _currency, quarter in paid]
    assert quarters[1] == quarters[0].next


def test_the_figures_follow_without_a_gap_or_a_double(reader, old, run_tasks):
    quarter = tally.periods.next_quarter().next
    session = change_to_euros(reader, old)
    assert backers_of(quarter) == 1
    reader.pay(session)
    reader.thanks(session)
    run_tasks()
    (only,) = [each for each in tally.for_quarter(quarter).currencies if each.promised_minor]
    assert (only.currency, only.promised_minor, backers_of(quarter)) == ("EUR", 2500, 1)
    assert backers_of(tally.periods.next_quarter()) == 1


def test_the_old_one_goes_on_until_the_new_one_is_made(reader, old, stand_in, run_tasks):
    change_to_euros(reader, old)
    hear(stand_in, reader, run_tasks)
    old.refresh_from_db()
    assert old.status == "active"
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    assert list(Payment.objects.values_list("currency", flat=True)) == ["USD", "USD"]


def test_events_alone_end_the_old_one_too(reader, old, stand_in, run_tasks):
    reader.pay(change_to_euros(reader, old))
    hear(stand_in, reader, run_tasks)
    old.refresh_from_db()
    assert old.status == "canceled"


def test_within_two_days_of_a_charge_the_new_one_begins_at_once(reader, old, stand_in, run_tasks):
    left = (old.next_charge_at - managing.clock.now()).total_seconds()
    stand_in.do("clock", advance=int(left) - 47 * 3600)
    reader.come_in()
    reader.open(f"/support/manage/pledges/{old.pk}/currency/eur/")
    assert "is made at once" in reader.said()
    session = change_to_euros(reader, old)
    reader.pay(session)
    reader.thanks(session)
    assert "We have received €25" in reader.said()
    run_tasks()
    stand_in.do("clock", advance=4 * DAY)
    hear(stand_in, reader, run_tasks)
    old.refresh_from_db()
    assert old.status == "canceled"
    assert sorted(Payment.objects.values_list("currency", flat=True)) == ["EUR", "USD"]


def test_a_page_left_open_is_closed_before_the_old_one_is_charged(reader, old, stand_in):
    """Or both would be charged for one quarter, by whoever comes back to it the next morning."""
    left = (old.next_charge_at - managing.clock.now()).total_seconds()
    stand_in.do("clock", advance=int(left) - 6 * 3600)
    reader.come_in()
    session = change_to_euros(reader, old)
    assert stripe_gateway.fetch_session(session).status == "open"
    stand_in.do("clock", to=int(old.next_charge_at.timestamp()))
    assert stripe_gateway.fetch_session(session).status == "expired"


def test_within_the_last_hour_one_is_asked_to_come_back(reader, old, stand_in):
    left = (old.next_charge_at - managing.clock.now()).total_seconds()
    stand_in.do("clock", advance=int(left) - 1800)
    reader.come_in()
    reader.open(f"/support/manage/pledges/{old.pk}/currency/eur/")
    assert "Come back in an hour or two" in reader.said()


def test_after_a_failed_charge_the_new_one_begins_at_once_and_the_failed_one_is_dropped(
    reader, old, stand_in, run_tasks
):
    stand_in.do("faults", next_renewal="card_declined")
    stand_in.do("clock", advance=93 * DAY)
    hear(stand_in, reader, run_tasks)
    old.refresh_from_db()
    assert old.status == "past_due"
    reader.come_in()
    session = change_to_euros(reader, old)
    reader.pay(session)
    reader.thanks(session)
    hear(stand_in, reader, run_tasks)
    stand_in.do("clock", advance=20 * DAY)
    hear(stand_in, reader, run_tasks)
    old.refresh_from_db()
    assert old.status == "canceled"
    assert {invoice.status for invoice in old.invoices.all()} == {"paid", "void"}
    assert sorted(Payment.objects.values_list("currency", flat=True)) == ["EUR", "USD"]


def test_a_name_that_was_shown_goes_along_and_is_looked_at_again(reader, old):
    Intent.objects.filter(pk=old.intent_id).update(public_name="Ada A.", name_status="approved")
    session = change_to_euros(reader, old)
    intent = Intent.objects.get(session_id=session)
    assert (intent.public_name, intent.name_status, intent.replaces) == ("Ada A.", "pending", old)


def test_the_old_one_stays_while_the_new_one_gives_nothing(reader, old, stand_in):
    session = change_to_euros(reader, old)
    Intent.objects.filter(session_id=session).update(status="completed")
    completion.finish.call(str(Intent.objects.get(session_id=session).pk))
    old.refresh_from_db()
    assert old.status == "active"


class TestPaidByDebit:
    """Begun at once, since a charge of the old one failed; the bank needs days for the first debit of the new one."""

    @pytest.fixture
    def late(self, reader, old, stand_in, run_tasks):
        """The old pledge, past due after two attempts; the third comes in five days."""
        for seconds in (0, 3 * DAY):
            stand_in.do("faults", next_renewal="card_declined")
            stand_in.do("clock", to=int(old.next_charge_at.timestamp()) + 7200 + seconds)
            hear(stand_in, reader, run_tasks)
        reader.come_in()
        old.refresh_from_db()
        assert old.status == "past_due"
        return old

    @pytest.fixture
    def change(self, reader, late, stand_in, run_tasks):
        def change(card: str) -> str:
            session = change_to_euros(reader, late)
            reader.pay(session, card=card, debit=True)
            reader.thanks(session)
            hear(stand_in, reader, run_tasks)
            return session

        return change

    def test_the_old_one_goes_on_while_the_bank_is_at_it(self, reader, late, change, stand_in):
        session = change(PAYS)
        late.refresh_from_db()
        assert late.status == "past_due"
        assert {row["status"] for row in stand_in.see("rows")["subscription"]} == {"past_due", "active"}
        reader.thanks(session)
        assert "Until then your pledge in USD goes on" in reader.said()
        reader.open("/support/manage/pledges/")
        assert "Until it has come your pledge of $25 USD goes on; then this one takes its place." in reader.said()

    def test_meanwhile_no_quarter_counts_both(self, late, change):
        owed = late.contributions.get(state="promised", due_at__lte=managing.clock.now()).quarter
        change(PAYS)
        new = Pledge.objects.exclude(pk=late.pk).get()
        for quarter in (owed, owed.next):
            told = tally.for_quarter(quarter)
            assert [(each.currency, each.promised_minor) for each in told.currencies] == [("USD", 2500)]
            assert told.backers == 1
        spoken_for = new.contributions.filter(quarter__in=[owed, owed.next]).values_list("state", flat=True)
        assert "promised" not in spoken_for
        assert drift.of_contributions() == ""

    def test_when_it_settles_the_old_one_ends_with_its_open_charge(self, reader, late, change, stand_in, run_tasks):
        change(PAYS)
        stand_in.do("clock", advance=4 * DAY)
        hear(stand_in, reader, run_tasks)
        late.refresh_from_db()
        assert (late.status, late.invoices.latest("period_start").status) == ("canceled", "void")
        stand_in.do("clock", advance=30 * DAY)
        hear(stand_in, reader, run_tasks)
        assert sorted(Payment.objects.values_list("currency", flat=True)) == ["EUR", "USD"]
        assert [each.currency for each in tally.for_sentence().currencies] == ["EUR"]
        assert Letter.objects.filter(kind__in=("ended", "set-to-end")).count() == 0
        assert reconcile.run().found == []

    def test_when_it_bounces_the_old_one_is_left_alone(self, reader, late, change, stand_in, run_tasks):
        owed = late.contributions.get(state="promised", due_at__lte=managing.clock.now()).quarter
        session = change(BOUNCES)
        stand_in.do("clock", advance=4 * DAY)
        hear(stand_in, reader, run_tasks)
        new = Pledge.objects.exclude(pk=late.pk).get()
        late.refresh_from_db()
        assert (late.status, new.status) == ("past_due", "canceled")
        assert [(each.currency, each.promised_minor) for each in tally.for_quarter(owed).currencies] == [("USD", 2500)]
        stand_in.do("clock", advance=2 * DAY)
        hear(stand_in, reader, run_tasks)
        assert [(each.currency, each.received_minor) for each in tally.for_quarter(owed).currencies] == [("USD", 2500)]
        reader.thanks(session)
        assert "Your pledge in USD was not touched" in reader.said()
        letter = Letter.objects.get(kind="debit-failed")
        assert "Your pledge of $25 USD goes on as before" in letter.text
        reader.client.post(f"/support/manage/pledges/{late.pk}/end/")
        assert Letter.objects.filter(kind="set-to-end").count() == 1
        hear(stand_in, reader, run_tasks)
        assert reconcile.run().found == []

    def test_reconciliation_ends_the_old_one_when_every_event_was_lost(self, reader, late, change, stand_in, run_tasks):
        change(PAYS)
        stand_in.do("clock", advance=4 * DAY)
        stand_in.do("deliveries/take", limit=100)  # and nobody brings them
        assert reconcile.run(apply=True).remaining == []
        run_tasks()
        late.refresh_from_db()
        assert late.status == "canceled"

    def test_a_lost_task_is_a_difference_and_made_good_by_the_nightly_look(
        self, reader, late, change, stand_in, run_tasks, monkeypatch
    ):
        change(PAYS)
        monkeypatch.setattr(completion, "follow_pledge", lambda pledge: None)
        stand_in.do("clock", advance=4 * DAY)
        hear(stand_in, reader, run_tasks)
        assert [each.about for each in reconcile.run().found] == [late.stripe_id]
        assert completion.follow_left_over() == 1
        run_tasks()
        late.refresh_from_db()
        assert late.status == "canceled"
        assert completion.follow_left_over() == 0
        hear(stand_in, reader, run_tasks)
        assert reconcile.run().found == []

    def test_a_charge_of_the_old_one_that_came_meanwhile_is_told_to_the_treasurer(
        self, reader, late, change, stand_in, run_tasks
    ):
        stand_in.do("clock", advance=3 * DAY)
        change(PAYS)
        stand_in.do("clock", advance=4 * DAY)
        hear(stand_in, reader, run_tasks)
        late.refresh_from_db()
        assert (late.status, Payment.objects.count()) == ("canceled", 3)
        (told,) = panels.to_look_at(None)["both"]
        assert (told.backer, told.pledge.intent.replaces) == (late.backer, late)

    def test_a_debit_under_way_is_not_replaced_in_its_turn(self, reader, late, change):
        change(PAYS)
        new = Pledge.objects.exclude(pk=late.pk).get()
        reader.open(f"/support/manage/pledges/{new.pk}/currency/gbp/")
        assert "Your bank is at a payment of €25" in reader.said()

    def test_shortly_before_a_further_attempt_one_is_asked_to_come_back(self, reader, late, stand_in):
        attempt_at = late.invoices.get(status="open").next_attempt_at
        session = change_to_euros(reader, late)
        stand_in.do("clock", to=int(attempt_at.timestamp()) - 1800)
        reader.come_in()
        reader.open(f"/support/manage/pledges/{late.pk}/currency/gbp/")
        assert "Come back in an hour or two" in reader.said()
        assert stripe_gateway.fetch_session(session).status == "expired"

    def test_a_payment_page_is_closed_before_the_failed_charge_is_tried_again(self, reader, late, stand_in):
        attempt_at = late.invoices.get(status="open").next_attempt_at
        stand_in.do("clock", to=int(attempt_at.timestamp()) - 5 * 3600)
        reader.come_in()
        session = change_to_euros(reader, late)
        assert stripe_gateway.fetch_session(session).status == "open"
        stand_in.do("clock", to=int(attempt_at.timestamp()))
        assert stripe_gateway.fetch_session(session).status == "expired"

    def test_a_charge_that_was_paid_in_part_is_left_to_the_treasurer(self, reader, late, stand_in, run_tasks):
        invoice = late.invoices.get(status="open")
        stand_in.do(f"invoices/{invoice.stripe_id}/part", amount=1000)
        hear(stand_in, reader, run_tasks)
        reader.pay(change_to_euros(reader, late))
        hear(stand_in, reader, run_tasks)
        late.refresh_from_db()
        invoice.refresh_from_db()
        assert (late.status, invoice.status) == ("canceled", "open")
        assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [1000, 2500, 2500]
        assert reconcile.run().found == []


def test_a_page_that_cannot_be_closed_keeps_no_old_pledge_going(reader, old, monkeypatch):
    reader.ask(choice="5000")
    intent = Intent.objects.get(session_id=reader.session())
    session = change_to_euros(reader, old)
    Intent.objects.filter(pk=intent.pk).update(created_at=managing.clock.now())
    reader.pay(session)
    reader.thanks(session)

    def refused(*args, **options):
        raise stripe_gateway.StripeRefused("Not that one")

    monkeypatch.setattr(stripe_gateway, "expire_session", refused)
    with pytest.raises(stripe_gateway.StripeRefused):
        completion.finish.call(str(Intent.objects.get(session_id=session).pk))
    old.refresh_from_db()
    assert old.status == "canceled"


def test_two_that_were_paid_in_two_windows_are_told_to_the_treasurer(reader, old, stand_in, run_tasks, caplog):
    first = change_to_euros(reader, old)
    other = Reader(stand_in, address="203.0.113.9")
    other.come_in()
    other.open(f"/support/manage/pledges/{old.pk}/currency/gbp/")
    other.send(choice="2000")
    second = other.session()
    reader.pay(first)
    other.pay(second)
    hear(stand_in, reader, run_tasks)
    assert f"both took the place of {old.stripe_id}" in caplog.text
    assert Pledge.objects.filter(status="trialing").count() == 2


def test_a_second_window_is_closed_when_one_change_is_done(reader, old, stand_in, run_tasks):
    """Another browser knows nothing of the first: both would take the one pledge's place."""
    first = change_to_euros(reader, old)
    other = Reader(stand_in, address="203.0.113.9")
    other.come_in()
    other.open(f"/support/manage/pledges/{old.pk}/currency/gbp/")
    other.send(choice="2000")
    second = other.session()
    reader.pay(first)
    hear(stand_in, reader, run_tasks)
    assert stripe_gateway.fetch_session(second).status == "expired"


def test_until_the_task_has_ended_the_old_one_its_promises_are_the_new_ones_already(reader, old):
    quarter = tally.periods.next_quarter().next
    session = change_to_euros(reader, old)
    reader.pay(session)
    reader.thanks(session)
    old.refresh_from_db()
    assert old.status == "active"
    assert [(each.currency, each.promised_minor) for each in tally.for_quarter(quarter).currencies] == [("EUR", 2500)]
