"""A pledge that becomes one in another currency: no quarter is paid twice, and none is left out."""

import pytest

from donations import completion, managing, stripe_gateway, tally
from donations.models import Backer, Intent, Payment, Pledge
from tests.donations.reader import Reader, hear

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86400


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
