"""One line of the console per object: what it is, how it stands, and the buttons that its state allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fakestripe.acts import wallet
from fakestripe.console.doing import DEEDS, REASONS
from fakestripe.pages import checkout, invoice, words
from fakestripe.pages.markup import Safe, tag

GOOD = {"complete", "active", "succeeded", "paid", "won", "trialing"}
BAD = {"past_due", "failed", "uncollectible", "lost", "unpaid"}


@dataclass(frozen=True)
class Line:
    """What a row says. `deeds` are names of buttons, or buttons with a field of their own."""

    kind: str
    key: str
    head: Sequence[str]
    facts: Sequence[str | None]
    state: str | None = None
    link: tuple[str, str] | None = None
    deeds: Sequence[str | Safe] = ()

    def shown(self, finding: str = "") -> Safe:
        buttons = [deed if isinstance(deed, Safe) else button(self.kind, deed) for deed in self.deeds]
        address = deed_address(self.kind, self.key, finding)
        return tag(
            "li",
            tag(
                "p",
                tag("strong", " ".join(self.head)),
                [" ", _state(self.state)] if self.state else None,
                [" ", tag("a", self.link[0], href=self.link[1])] if self.link else None,
                class_="row__head",
            ),
            tag("p", " · ".join(fact for fact in [*self.facts, self.key] if fact), class_="row__facts"),
            tag("form", buttons, method="post", action=address, class_="deeds") if buttons else None,
            class_="row",
        )


def of_session(engine, session: dict) -> Line:
    is_open = session["status"] == "open"
    item = session["line_items"]["data"][0]
    amount = words.money(item["price"]["unit_amount"] * item["quantity"], session["currency"])
    return Line(
        "session",
        session["id"],
        head=[amount, words.rhythm(item["price"]["recurring"])],
        state=session["status"] if session["payment_status"] != "unpaid" or is_open else "complete, unpaid",
        facts=[email_of(engine, session), words.moment(session["created"])],
        link=("payment page", checkout.address(session)) if is_open else None,
        deeds=["expire"] if is_open else [],
    )


def of_subscription(engine, subscription: dict) -> Line:
    item = subscription["items"]["data"][0]
    is_over = subscription["status"] in ("canceled", "incomplete_expired")
    ends = subscription["cancel_at"] or (item["current_period_end"] if subscription["cancel_at_period_end"] else None)
    facts = [
        email_of(engine, subscription),
        None if is_over else words.card_name(wallet.chosen(engine, subscription)),
        "paused" if subscription["pause_collection"] else None,
        f"ends {words.day(ends)}" if ends and not is_over else None,
        None if ends or is_over else f"next charge {words.day(item['current_period_end'])}",
        f"ended {words.day(subscription['ended_at'])}" if is_over and subscription["ended_at"] else None,
    ]
    return Line(
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


def of_charge(engine, charge: dict) -> Line:
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
        deeds += ["refund", _together(part, button("charge", "part"))]
    if is_paid and left and not charge["disputed"]:
        deeds += [_together(reason, button("charge", "dispute")), "warn"]
    return Line(
        "charge",
        charge["id"],
        head=[words.money(charge["amount"], charge["currency"])],
        state=charge["status"],
        facts=[
            email_of(engine, charge),
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


def of_refund(engine, refund: dict) -> Line:
    return Line(
        "refund",
        refund["id"],
        head=[words.money(refund["amount"], refund["currency"])],
        state=refund["status"],
        facts=[f"of {refund['charge']}", words.moment(refund["created"])],
        deeds=["fail"] if refund["status"] in ("pending", "succeeded") else [],
    )


def of_dispute(engine, dispute: dict) -> Line:
    is_open = dispute["status"] not in ("won", "lost", "warning_closed", "prevented")
    return Line(
        "dispute",
        dispute["id"],
        head=[words.money(dispute["amount"], dispute["currency"]), dispute["reason"]],
        state=dispute["status"],
        facts=[f"of {dispute['charge']}", words.moment(dispute["created"])],
        deeds=["won", "lost"] if is_open else [],
    )


def of_invoice(engine, row: dict) -> Line:
    deeds = []
    if row["status"] == "draft":
        deeds = ["finalise"]
    elif row["status"] == "open":
        waits = invoice.waits_for_the_bank(engine, row)
        deeds = [*(["authenticate", "refuse"] if waits else ["pay"]), "void"]
    tries = f"tried {row['attempt_count']} times" if row["attempt_count"] > 1 else None
    following = f"next try {words.moment(row['next_payment_attempt'])}" if row["next_payment_attempt"] else None
    return Line(
        "invoice",
        row["id"],
        head=[words.money(row["amount_due"], row["currency"])],
        state=row["status"],
        facts=[row["customer_email"], words.moment(row["created"]), tries, following],
        link=("hosted page", invoice.address(row)),
        deeds=deeds,
    )


def of_event(engine, event: dict) -> Line:
    state = "waits for delivery" if event["pending_webhooks"] else None
    facts = [words.moment(event["created"])]
    return Line("event", event["id"], head=[event["type"]], state=state, facts=facts, deeds=["deliver"])


def email_of(engine, row: dict) -> str:
    """Whose it is, however far away that stands; nothing for what is nobody's."""
    if row["object"] in ("refund", "dispute"):
        row = engine.get("charge", row["charge"])
    details = row.get("customer_details") or row.get("billing_details") or {}
    told = details.get("email") or row.get("customer_email")
    if told or not row.get("customer"):
        return told or ""
    return engine.get("customer", row["customer"])["email"] or ""


def button(kind: str, deed: str) -> Safe:
    return tag("button", DEEDS[kind][deed].button, type="submit", name="deed", value=deed)


def deed_address(kind: str, key: str, finding: str = "") -> str:
    """Where a button of that object's is sent; `finding` is what the page is narrowed to, and stays so."""
    return f"/console/{kind}/{quote(key, safe='')}" + (f"?find={quote(finding, safe='')}" if finding else "")


def _together(*pieces: Safe) -> Safe:
    return tag("span", *pieces, class_="deeds__pair")


def _state(state: str) -> Safe:
    mood = "good" if state in GOOD else "bad" if state in BAD else "plain"
    return tag("span", state.replace("_", " "), class_=f"state state--{mood}")
