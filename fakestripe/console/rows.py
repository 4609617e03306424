"""One row of the console per object: what it is, how it stands, and the buttons that its state allows."""

from urllib.parse import quote

from fakestripe.acts import wallet
from fakestripe.console.doing import DEEDS, REASONS
from fakestripe.errors import Refused
from fakestripe.pages import checkout, invoice, words
from fakestripe.pages.markup import Safe, tag

GOOD = {"complete", "active", "succeeded", "paid", "won", "trialing"}
BAD = {"past_due", "failed", "uncollectible", "lost", "unpaid"}


def of_session(engine, session: dict) -> Safe:
    is_open = session["status"] == "open"
    item = session["line_items"]["data"][0]
    amount = words.money(item["price"]["unit_amount"] * item["quantity"], session["currency"])
    return _row(
        "session",
        session["id"],
        head=[amount, words.rhythm(item["price"]["recurring"])],
        state=session["status"] if session["payment_status"] != "unpaid" or is_open else "complete, not yet paid",
        facts=[_email(engine, session), words.moment(session["created"])],
        link=("payment page", checkout.address(session)) if is_open else None,
        deeds=["expire"] if is_open else [],
    )


def of_subscription(engine, subscription: dict) -> Safe:
    item = subscription["items"]["data"][0]
    is_over = subscription["status"] in ("canceled", "incomplete_expired")
    ends = subscription["cancel_at"] or (item["current_period_end"] if subscription["cancel_at_period_end"] else None)
    facts = [
        _email(engine, subscription),
        None if is_over else words.card_name(wallet.chosen(engine, subscription)),
        "paused" if subscription["pause_collection"] else None,
        f"ends {words.day(ends)}" if ends and not is_over else None,
        None if ends or is_over else f"next charge {words.day(item['current_period_end'])}",
        f"ended {words.day(subscription['ended_at'])}" if is_over and subscription["ended_at"] else None,
    ]
    return _row(
        "subscription",
        subscription["id"],
        head=[
            words.money(item["price"]["unit_amount"] * item["quantity"], subscription["currency"]),
            words.rhythm(item["price"]["recurring"]),
        ],
        state=subscription["status"],
        facts=facts,
        deeds=[] if is_over else ["fail", "mend", *([] if ends else ["end"]), "cancel"],
    )


def of_charge(engine, charge: dict) -> Safe:
    left = charge["amount"] - charge["amount_refunded"]
    is_paid = charge["status"] == "succeeded"
    part = tag(
        "input",
        name="amount",
        value="",
        placeholder="part, e.g. 5.00",
        inputmode="decimal",
        aria_label="Amount of the part",
    )
    reason = tag("select", [tag("option", word) for word in REASONS], name="reason", aria_label="Reason of the dispute")
    deeds: list[str | Safe] = []
    if is_paid and left:
        deeds += ["refund", _together(part, _button("charge", "part"))]
    if is_paid and not charge["disputed"]:
        deeds += [_together(reason, _button("charge", "dispute")), "warn"]
    return _row(
        "charge",
        charge["id"],
        head=[words.money(charge["amount"], charge["currency"])],
        state=charge["status"],
        facts=[
            _email(engine, charge),
            words.moment(charge["created"]),
            f"{words.money(charge['amount_refunded'], charge['currency'])} refunded"
            if charge["amount_refunded"]
            else None,
            "disputed" if charge["disputed"] else None,
            charge["failure_message"],
        ],
        link=("receipt", f"/receipt/{charge['id']}") if is_paid else None,
        deeds=deeds,
    )


def of_refund(engine, refund: dict) -> Safe:
    return _row(
        "refund",
        refund["id"],
        head=[words.money(refund["amount"], refund["currency"])],
        state=refund["status"],
        facts=[f"of {refund['charge']}", words.moment(refund["created"])],
        deeds=["fail"] if refund["status"] in ("pending", "succeeded") else [],
    )


def of_dispute(engine, dispute: dict) -> Safe:
    is_open = dispute["status"] not in ("won", "lost", "warning_closed", "prevented")
    return _row(
        "dispute",
        dispute["id"],
        head=[words.money(dispute["amount"], dispute["currency"]), dispute["reason"]],
        state=dispute["status"],
        facts=[f"of {dispute['charge']}", words.moment(dispute["created"])],
        deeds=["won", "lost"] if is_open else [],
    )


def of_invoice(engine, row: dict) -> Safe:
    deeds = []
    if row["status"] == "draft":
        deeds = ["finalise"]
    elif row["status"] == "open":
        waits = invoice.waits_for_the_bank(engine, row)
        deeds = [*(["authenticate", "refuse"] if waits else ["pay"]), "void"]
    tries = f"tried {row['attempt_count']} times" if row["attempt_count"] > 1 else None
    following = f"next try {words.moment(row['next_payment_attempt'])}" if row["next_payment_attempt"] else None
    return _row(
        "invoice",
        row["id"],
        head=[words.money(row["amount_due"], row["currency"])],
        state=row["status"],
        facts=[row["customer_email"], words.moment(row["created"]), tries, following],
        link=("hosted page", invoice.address(row)),
        deeds=deeds,
    )


def of_event(engine, event: dict) -> Safe:
    state = "waits for delivery" if event["pending_webhooks"] else None
    facts = [words.moment(event["created"])]
    return _row("event", event["id"], head=[event["type"]], state=state, facts=facts, deeds=["deliver"])


def deed_address(kind: str, key: str) -> str:
    return f"/console/{kind}/{quote(key, safe='')}"


def _row(kind: str, key: str, *, head, state: str | None, facts, deeds, link=None) -> Safe:
    buttons = [deed if isinstance(deed, Safe) else _button(kind, deed) for deed in deeds]
    form = tag("form", buttons, method="post", action=deed_address(kind, key), class_="deeds")
    return tag(
        "li",
        tag("p", tag("strong", " ".join(head)), " ", _state(state), " ", _link(link), class_="row__head"),
        tag("p", _parted([*facts, key]), class_="row__facts"),
        form if buttons else None,
        class_="row",
    )


def _button(kind: str, deed: str) -> Safe:
    return tag("button", DEEDS[kind][deed].button, type="submit", name="deed", value=deed)


def _together(*pieces: Safe) -> Safe:
    return tag("span", *pieces, class_="deeds__pair")


def _state(state: str | None) -> Safe | None:
    if not state:
        return None
    mood = "good" if state in GOOD else "bad" if state in BAD else "plain"
    return tag("span", state.replace("_", " "), class_=f"state state--{mood}")


def _link(link: tuple[str, str] | None) -> Safe | None:
    return tag("a", link[0], href=link[1]) if link else None


def _parted(facts: list) -> Safe:
    return tag("span", " · ".join(str(fact) for fact in facts if fact))


def _email(engine, row: dict) -> str | None:
    details = row.get("customer_details") or row.get("billing_details") or {}
    if details.get("email"):
        return details["email"]
    try:
        return (
            engine.get("customer", row["customer"]).get("email") if row.get("customer") else row.get("customer_email")
        )
    except Refused:
        return None
