"""What the operator's buttons do: one small function each, and the line that tells it afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from fakestripe import cards
from fakestripe.acts import checkout, disputes, invoices, refunds, subscriptions, time, wallet
from fakestripe.console import moving
from fakestripe.errors import Refused
from fakestripe.pages import words

Form = dict[str, str]
FAILS_LATER = "4000000000000341"
REASONS = ("fraudulent", "duplicate", "product_not_received", "unrecognized", "general")


@dataclass(frozen=True)
class Deed:
    """A button: what it says, what it does and what is said when it is done; `{id}` stands for the object."""

    button: str
    does: Callable[..., object]  # does(engine, id, form)
    says: str


def _refund_part(engine, charge_id: str, form: Form) -> object:
    charge = engine.get("charge", charge_id)
    amount = words.minor_units(form.get("amount", ""), charge["currency"])
    if amount is None:
        raise Refused("An amount such as 5.00 is needed for a part.")
    return refunds.refund(engine, charge_id, amount=amount)


def _dispute(engine, charge_id: str, form: Form) -> object:
    reason = form.get("reason", "")
    return disputes.dispute(engine, charge_id, reason=reason if reason in REASONS else REASONS[0])


def _give_card(number: str) -> Callable[..., object]:
    def does(engine, subscription_id: str, form: Form) -> object:
        customer = engine.get("subscription", subscription_id)["customer"]
        return wallet.replace_card(engine, customer, card=number)

    return does


def _redeliver(engine, event_id: str, form: Form) -> object:
    event = engine.get("event", event_id)
    if not engine.outbox.wants(event["type"]):
        raise Refused("The site's webhook was not registered for this event.")
    return engine.outbox.send(event["id"])


def _set_faults(engine, _: str, form: Form) -> object:
    changes = {}
    for name, value in engine.faults.shown().items():
        if isinstance(value, bool):
            changes[name] = name in form
        elif name in form and name != "seed":
            changes[name] = _figure(form[name], value)
    engine.faults.update(changes)
    return engine.faults


def _figure(text: str, now: object) -> object:
    """What was typed, as the kind of value that stands there now; nothing typed is nothing."""
    if isinstance(now, str):
        return text
    try:
        figure = float(text or 0)
    except ValueError:
        raise Refused(f"“{text}” is no number.") from None
    if not 0 <= figure < 1e9:
        raise Refused(f"“{text}” is out of range.")
    return type(now)(figure)


def _end_faults(engine, _: str, form: Form) -> object:
    engine.faults.update({name: type(value)() for name, value in engine.faults.shown().items() if name != "seed"})
    return engine.faults


def _move(step: str) -> Callable[..., object]:
    def does(engine, _: str, form: Form) -> object:
        return time.move_to(engine, moving.target(engine.now(), step, form.get("date", "")))

    return does


DEEDS: dict[str, dict[str, Deed]] = {
    "clock": {
        **{
            step: Deed(text, _move(step), "The clock was moved, and everything that fell due was played.")
            for step, text in moving.STEPS.items()
        },
        "date": Deed("Go", _move("date"), "The clock was moved, and everything that fell due was played."),
    },
    "session": {
        "expire": Deed(
            "expire",
            lambda engine, key, form: checkout.expire(engine, key),
            "{id} has expired; nothing was charged.",
        ),
    },
    "subscription": {
        "fail": Deed("fail next renewals", _give_card(FAILS_LATER), "{id} now has a card that fails at every renewal."),
        "mend": Deed("mend card", _give_card(cards.PAYS), "{id} now has a card that pays."),
        "end": Deed(
            "cancel at period end",
            lambda engine, key, form: subscriptions.change(engine, key, {"cancel_at_period_end": True}),
            "{id} ends when its period does.",
        ),
        "cancel": Deed(
            "cancel now",
            lambda engine, key, form: subscriptions.cancel(engine, key),
            "{id} was cancelled at once.",
        ),
    },
    "charge": {
        "refund": Deed(
            "refund all",
            lambda engine, key, form: refunds.refund(engine, key),
            "What was left of {id} was refunded.",
        ),
        "part": Deed("refund part", _refund_part, "A part of {id} was refunded."),
        "dispute": Deed("open dispute", _dispute, "{id} is disputed."),
        "warn": Deed(
            "warn of fraud",
            lambda engine, key, form: disputes.warn(engine, key),
            "An early fraud warning for {id} was made.",
        ),
    },
    "dispute": {
        "won": Deed(
            "win",
            lambda engine, key, form: disputes.close(engine, key, outcome="won"),
            "{id} was won; the money is back.",
        ),
        "lost": Deed(
            "lose",
            lambda engine, key, form: disputes.close(engine, key, outcome="lost"),
            "{id} was lost; the money is gone.",
        ),
    },
    "refund": {
        "fail": Deed(
            "let it fail", lambda engine, key, form: refunds.fail(engine, key), "{id} failed; the money came back."
        ),
    },
    "invoice": {
        "finalise": Deed(
            "finalise", lambda engine, key, form: invoices.finalise(engine, key), "{id} was finalised and charged."
        ),
        "pay": Deed("charge now", lambda engine, key, form: invoices.collect(engine, key), "{id} was charged again."),
        "authenticate": Deed(
            "bank says yes",
            lambda engine, key, form: invoices.authenticate(engine, key, ok=True),
            "{id} was authenticated and paid.",
        ),
        "refuse": Deed(
            "bank says no",
            lambda engine, key, form: invoices.authenticate(engine, key, ok=False),
            "The authentication of {id} failed.",
        ),
        "void": Deed("void", lambda engine, key, form: invoices.void(engine, key), "{id} was voided."),
    },
    "event": {"deliver": Deed("deliver again", _redeliver, "{id} is on its way once more.")},
    "faults": {
        "set": Deed("set", _set_faults, "From now on the stand-in misbehaves as set below."),
        "none": Deed("all well again", _end_faults, "The stand-in behaves again."),
    },
}
