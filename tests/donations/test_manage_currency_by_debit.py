"""
A change of currency that is paid by a bank debit: begun at once, since a charge of the old pledge failed; the bank
needs days for the first debit of the new one.
"""

import pytest

from donations import completion, drift, letters, managing, reconcile, stripe_gateway, tally
from donations.admin import panels
from donations.models import Payment, Pledge
from foundation.models import Letter
from tests.donations.reader import PAYS, hear
from tests.donations.test_manage_currency import DAY, change_to_euros
from tests.donations.test_manage_currency import old as pledge_in_dollars

pytestmark = pytest.mark.django_db(transaction=True)
BOUNCES = "4000000000000002"
old = pledge_in_dollars


@pytest.fixture
def late(reader, old, stand_in, run_tasks):
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
def change(reader, late, stand_in, run_tasks):
    def change(card: str) -> str:
        session = change_to_euros(reader, late)
        reader.pay(session, card=card, debit=True)
        reader.thanks(session)
        hear(stand_in, reader, run_tasks)
        return session

    return change


def test_the_old_one_goes_on_while_the_bank_is_at_it(reader, late, change, stand_in):
    session = change(PAYS)
    late.refresh_from_db()
    assert late.status == "past_due"
    assert {row["status"] for row in stand_in.see("rows")["subscription"]} == {"past_due", "active"}
    reader.thanks(session)
    assert "Until then your pledge in USD goes on" in reader.said()
    reader.open("/support/manage/pledges/")
    assert "Until it has come your pledge of $25 USD goes on; then this one takes its place." in reader.said()


def test_nobody_is_asked_to_pay_for_the_old_one_meanwhile(reader, late, change, stand_in, run_tasks):
    """Or they would pay for the quarter twice."""
    unpaid, failed = late.invoices.get(status="open"), Letter.objects.filter(kind="charge-failed")
    told = failed.count()
    change(PAYS)
    page = reader.open("/support/manage/pledges/")
    assert "for now there is nothing to do: your pledge of €25 takes its place" in reader.said()
    assert f"by {unpaid.next_attempt_at:%-d %B %Y}, this one is tried again then" in reader.said()
    assert unpaid.hosted_url not in page.text.replace("&amp;", "&")
    assert "Change currency" not in page.text
    for address in ("", "gbp/"):
        reader.open(f"/support/manage/pledges/{late.pk}/currency/{address}")
        assert "Your change to EUR is under way" in reader.said()
    unpaid.next_attempt_at += managing.ONE_SECOND * DAY
    assert (letters.charge_failed(unpaid), failed.count()) == (None, told)
    unpaid.needs_action_since = managing.clock.now()
    assert letters.needs_authentication(unpaid) is None


def test_without_a_change_under_way_the_same_failure_is_told(reader, late):
    """The control."""
    unpaid = late.invoices.get(status="open")
    assert unpaid.hosted_url in reader.open("/support/manage/pledges/").text.replace("&amp;", "&")
    unpaid.next_attempt_at += managing.ONE_SECOND * DAY
    assert letters.charge_failed(unpaid)


def test_one_that_bounced_is_told_to_have_taken_nothing(reader, late, change, stand_in, run_tasks):
    change(BOUNCES)
    stand_in.do("clock", advance=4 * DAY)
    hear(stand_in, reader, run_tasks)
    reader.come_in()
    page = reader.open("/support/manage/pledges/")
    assert "No payment of it has come, and nothing is owed." in reader.said()
    assert "It is tried again on" in reader.said()
    assert late.invoices.get(status="open").hosted_url in page.text.replace("&amp;", "&")


def test_meanwhile_no_quarter_counts_both(late, change):
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


def test_when_it_settles_the_old_one_ends_with_its_open_charge(reader, late, change, stand_in, run_tasks):
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


def test_when_it_bounces_the_old_one_is_left_alone(reader, late, change, stand_in, run_tasks):
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
    unpaid = late.invoices.latest("period_start")
    for words in (letter.text, letter.html.replace("&amp;", "&")):
        assert "Your pledge of $25 USD goes on, but its last payment has not worked so far" in words
        assert unpaid.hosted_url in words
    reader.client.post(f"/support/manage/pledges/{late.pk}/end/")
    assert Letter.objects.filter(kind="set-to-end").count() == 1
    hear(stand_in, reader, run_tasks)
    assert reconcile.run().found == []


def test_reconciliation_ends_the_old_one_when_every_event_was_lost(reader, late, change, stand_in, run_tasks):
    change(PAYS)
    stand_in.do("clock", advance=4 * DAY)
    stand_in.do("deliveries/take", limit=100)  # and nobody brings them
    assert reconcile.run(apply=True).remaining == []
    run_tasks()
    late.refresh_from_db()
    assert late.status == "canceled"


def test_a_lost_task_is_a_difference_and_made_good_by_the_nightly_look(
    reader, late, change, stand_in, run_tasks, monkeypatch
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
    reader, late, change, stand_in, run_tasks
):
    stand_in.do("clock", advance=3 * DAY)
    change(PAYS)
    stand_in.do("clock", advance=4 * DAY)
    hear(stand_in, reader, run_tasks)
    late.refresh_from_db()
    assert (late.status, Payment.objects.count()) == ("canceled", 3)
    reader.come_in()
    reader.open("/support/manage/pledges/")
    assert "came for Q" in reader.said()
    assert "your pledge of $25 USD had been charged for it already" in reader.said()
    (told,) = panels.to_look_at(None)["both"]
    assert (told.backer, told.pledge.intent.replaces) == (late.backer, late)


def test_a_debit_under_way_is_not_replaced_in_its_turn(reader, late, change):
    change(PAYS)
    new = Pledge.objects.exclude(pk=late.pk).get()
    reader.open(f"/support/manage/pledges/{new.pk}/currency/gbp/")
    assert "Your bank is at a payment of €25" in reader.said()


def test_shortly_before_a_further_attempt_one_is_asked_to_come_back(reader, late, stand_in):
    attempt_at = late.invoices.get(status="open").next_attempt_at
    session = change_to_euros(reader, late)
    stand_in.do("clock", to=int(attempt_at.timestamp()) - 1800)
    reader.come_in()
    reader.open(f"/support/manage/pledges/{late.pk}/currency/gbp/")
    assert "Come back in an hour or two" in reader.said()
    assert stripe_gateway.fetch_session(session).status == "expired"


def test_a_payment_page_is_closed_before_the_failed_charge_is_tried_again(reader, late, stand_in):
    attempt_at = late.invoices.get(status="open").next_attempt_at
    stand_in.do("clock", to=int(attempt_at.timestamp()) - 5 * 3600)
    reader.come_in()
    session = change_to_euros(reader, late)
    assert stripe_gateway.fetch_session(session).status == "open"
    stand_in.do("clock", to=int(attempt_at.timestamp()))
    assert stripe_gateway.fetch_session(session).status == "expired"


def test_a_charge_that_was_paid_in_part_is_left_to_the_treasurer(reader, late, stand_in, run_tasks):
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
