"""Every letter with invented facts, for the desk: what it says can be read before anybody is written to."""

import datetime as dt
from dataclasses import dataclass

from donations import letter_words, wording
from donations.letter_words import Words
from donations.money import Money
from donations.quarters import Quarter


@dataclass(frozen=True)
class Sample:
    name: str  # in an address
    title: str
    when: str
    template: str
    facts: dict

    def words(self) -> Words:
        return letter_words.render(self.template, **self.facts)


_NAME = {"name": "Ada Example"}
_AMOUNT = Money(2500, "EUR")
_PAID_AT = dt.datetime(2027, 2, 15, 10, 30, tzinfo=dt.UTC)
_NEXT = dt.datetime(2027, 5, 15, 10, 30, tzinfo=dt.UTC)
_FIX = "https://invoice.example.org/a-page-at-stripe"
_PLEDGE = {**_NAME, "amount": _AMOUNT}
_PAYMENT = {
    **_PLEDGE,
    "paid_at": _PAID_AT,
    "quarter": Quarter(2027, 2),
    "method": "card or bank, through Stripe",
    "receipt_number": "2027-000042",
    "is_of_pledge": True,
    "is_first": False,
    "next_charge_at": _NEXT,
    "next_amount": _AMOUNT,
}
_GIFT = {**_PAYMENT, "is_of_pledge": False, "next_charge_at": None, "next_amount": None}
_BACK = {
    **_PAYMENT,
    "paid": _AMOUNT,
    "occurred_at": _NEXT,
    "is_whole": True,
    "is_held": True,
    "goes_on": True,
    "next_charge_at": None,
}
_PART = {**_BACK, "amount": Money(1000, "EUR"), "is_whole": False}
_QUARTER = {
    **_NAME,
    "quarter": Quarter(2027, 2),
    "months": "April to June 2027",
    "backers": 412,
    "total": "about $10,180",
    "totals": ["€3200", "$6600"],
    "apart": (),
    "goal": "84 % of the goal of $12,000",
    "given": [wording.amount(_AMOUNT)],
    "stop_url": "https://example.org/a-link-of-your-own",
}

_FAILED = {**_PLEDGE, "next_attempt_at": _NEXT, "pay_url": _FIX}
_BOUNCED = {**_PLEDGE, "is_of_pledge": True, "again_url": "https://example.org/support/eur/"}
_ASKED = {**_PLEDGE, "answer_until": _NEXT, "pay_url": _FIX}
_ENDING = {**_PLEDGE, "ends_at": _NEXT, "last_quarter": Quarter(2027, 2)}
_ENDED = {**_PLEDGE, "ended_at": _NEXT, "last_quarter": Quarter(2027, 2), "was_not_paid": False}
_AHEAD = {**_PLEDGE, "due_at": _NEXT, "quarter": Quarter(2027, 3)}
_DEDICATION = {
    "name": "Rose Example",
    "giver": "Ada Example",
    "words": "For all the papers that you read to me.",
    "quarter": Quarter(2027, 2),
    "months": "April to June 2027",
    "may_be_shown": True,
    "decline_url": "https://example.org/a-link-of-your-own",
}
_LINK = {"url": "https://example.org/a-link-that-opens-once"}

SAMPLES = [
    Sample(
        "first-charge", "Thanks for a new pledge", "the first charge is paid", "thanks", _PAYMENT | {"is_first": True}
    ),
    Sample("renewal", "Thanks for a renewal", "a later charge is paid", "thanks", _PAYMENT),
    Sample(
        "renewal-twice",
        "Thanks, paid twice",
        "a change of currency, and both were charged",
        "thanks",
        _PAYMENT | {"is_first": True, "paid_besides": Money(2500, "USD")},
    ),
    Sample("gift", "Thanks for a gift", "it is paid", "thanks", _GIFT),
    Sample("dedication", "Gift in somebody’s name", "it is paid; to that person", "dedication", _DEDICATION),
    Sample("charge-ahead", "Charge ahead", "a charge is a week away", "charge_ahead", _AHEAD),
    Sample("charge-failed", "A charge failed", "another attempt follows", "charge_failed", _FAILED),
    Sample("debit-failed", "First debit bounced", "days after the payment page", "debit_failed", _BOUNCED),
    Sample(
        "debit-failed-change",
        "Debit of a change bounced",
        "the old pledge goes on",
        "debit_failed",
        _BOUNCED | {"goes_on": Money(2500, "USD"), "pay_url": _FIX, "retry_at": _NEXT},
    ),
    Sample(
        "debit-failed-gift",
        "Gift’s debit bounced",
        "days after the payment page",
        "debit_failed",
        _BOUNCED | {"is_of_pledge": False},
    ),
    Sample("authenticate", "The bank asks", "a renewal needs the backer’s word", "authenticate", _ASKED),
    Sample("set-to-end", "Set to end", "a backer ends a pledge", "set_to_end", _ENDING),
    Sample("ended-unpaid", "Ended, not paid", "the last attempt failed", "ended", _ENDED | {"was_not_paid": True}),
    Sample("ended", "Ended at once", "a pledge ends without notice", "ended", _ENDED),
    Sample("refund", "Refund of the whole", "it is made", "refund", _BACK),
    Sample("refund-part", "Refund of a part", "it is made", "refund", _PART),
    Sample("refund-failed", "Refund that failed", "the bank sends it back", "refund_failed", _BACK),
    Sample("dispute", "Dispute opened", "a bank tells of it", "dispute", _BACK),
    Sample("dispute-lost", "Dispute lost", "it is decided", "dispute_lost", _BACK),
    Sample("dispute-won", "Dispute won", "it is decided", "dispute_won", _BACK | {"next_charge_at": _NEXT}),
    Sample("quarter-end", "What you made possible", "a quarter’s books are closed", "quarter_end", _QUARTER),
    Sample("manage-link", "Link to one’s pledges", "somebody asks for it", "manage_link", _LINK),
]


def find(name: str) -> Sample | None:
    return next((sample for sample in SAMPLES if sample.name == name), None)
