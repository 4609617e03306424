"""The plan of the demo's invented past, before anybody plays it."""

import datetime as dt

from antiempire.demo.agenda import Agenda
from antiempire.demo.people import CURRENCIES, FAILS_LATER, plans

END = dt.datetime(2026, 11, 25, 18, tzinfo=dt.UTC)
BEGIN = dt.datetime(2025, 7, 1, tzinfo=dt.UTC)


def test_the_same_day_has_the_same_people():
    assert plans(BEGIN, END) == plans(BEGIN, END)


def test_every_currency_and_every_turn_of_fate_is_there():
    found = plans(BEGIN, END)
    assert {plan.currency for plan in found} == {code for code, _, _ in CURRENCIES}
    assert {plan.kind for plan in found} == {"quarterly", "once"}
    assert any(plan.card == FAILS_LATER for plan in found)
    assert {plan.dispute_outcome for plan in found} == {"", "won", "lost"}
    for turn in ("ends_after", "paused_after", "refunded_after", "refunded_part", "is_named"):
        assert any(getattr(plan, turn) for plan in found), turn


def test_nothing_happens_after_today():
    assert all(BEGIN <= plan.at < END for plan in plans(BEGIN, END))


def test_an_agenda_plays_in_the_order_of_time_and_leaves_out_what_comes_after_its_end():
    agenda, seen = Agenda(BEGIN + dt.timedelta(days=9)), []
    moments = []

    def again(name: str) -> None:
        seen.append(name)
        agenda.at(BEGIN + dt.timedelta(days=3), seen.append, "third")

    agenda.at(BEGIN + dt.timedelta(days=5), seen.append, "last")
    agenda.at(BEGIN + dt.timedelta(days=2), again, "second")
    agenda.at(BEGIN + dt.timedelta(days=1), seen.append, "first")
    agenda.at(BEGIN + dt.timedelta(days=9), seen.append, "never")
    agenda.play(moments.append)
    assert seen == ["first", "second", "third", "last"]
    assert moments == sorted(moments)
