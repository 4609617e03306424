"""Checkout: what a person sees between the site's button and the site's thanks."""

from fakestripe.acts import checkout
from fakestripe.errors import AuthenticationNeeded, CardRefused, Refused
from fakestripe.pages import words
from fakestripe.pages.bank import ask_the_bank
from fakestripe.pages.cards import FORM, card_buttons, card_field, number_in, unknown
from fakestripe.pages.layout import comes_from_elsewhere, field, page, told, warning
from fakestripe.pages.markup import Safe, tag
from fakestripe.shapes import people
from fakestripe.web import Answer, Request, redirect

DEBITS = {
    "sepa_debit": "SEPA direct debit",
    "us_bank_account": "US bank account",
    "bacs_debit": "Bacs direct debit",
    "acss_debit": "Pre-authorised debit",
    "au_becs_debit": "BECS direct debit",
}
BOUNCES = "4000000000000002"  # the number that lets a debit fail three days later


def show(engine, request: Request, session_id: str) -> Answer:
    session, answer = _open_session(engine, session_id)
    return answer or _form(engine, session, request.query)


def submit(engine, request: Request, session_id: str) -> Answer:
    if comes_from_elsewhere(request):
        return told(engine, "Refused", "Another site's page sent this form.", status=403)
    session, answer = _open_session(engine, session_id)
    if answer:
        return answer
    form = {**request.form, "card": number_in(request.form)}
    if "fill" in form:
        return _form(engine, session, {**form, "method": "card"})
    return _pay(engine, session, form)


def _pay(engine, session: dict, form: dict[str, str]) -> Answer:
    email, name, card = form.get("email", "").strip(), form.get("name", "").strip(), form["card"]
    is_debit = form.get("method", "card") != "card" and debit_of(session) is not None
    if is_debit:
        card = BOUNCES if form["method"] == "debit_bounces" else ""
    problem = _problem(email, card, is_debit=is_debit)
    if problem:
        return _form(engine, session, form, refusal=problem, status=422)
    verdict = {"yes": True, "no": False}.get(form.get("bank", ""))
    try:
        checkout.complete(
            engine, session["id"], card=card, email=email, name=name, debit=is_debit, authenticated=verdict
        )
    except AuthenticationNeeded:
        kept = {"email": email, "name": name, "card": card, "method": "card"}
        return ask_the_bank(engine, address(session), kept, _due(session))
    except CardRefused as refused:
        return _form(engine, session, form, refusal=refused.message, status=402)
    except Refused as refused:
        return _form(engine, session, form, refusal=refused.message, status=refused.status)
    return redirect(words.web_address(_thanks(session)) or address(session))


def _problem(email: str, card: str, *, is_debit: bool) -> str | None:
    if "@" not in email.strip("@"):
        return "An e-mail address is needed, such as reader@example.org."
    return None if is_debit else unknown(card)


def _open_session(engine, session_id: str) -> tuple[dict | None, Answer | None]:
    """The session, or the page that says why nothing can be paid with it."""
    try:
        session = engine.get("checkout.session", session_id)
    except Refused:
        return None, told(engine, "No such payment page", "The address is wrong, or its session is gone.", status=404)
    if session["status"] == "complete":
        text = "This payment page has been completed already. Nothing more is charged."
        return None, told(engine, "Already completed", text, link=("On to the site", _thanks(session)))
    if session["status"] == "expired":
        text = "This payment page has expired. Nothing was charged."
        return None, told(engine, "Expired", text, link=("Back to the site", session["cancel_url"]), status=410)
    return session, None


def _form(engine, session: dict, typed: dict[str, str], *, refusal: str | None = None, status: int = 200) -> Answer:
    number = number_in(typed)
    form = tag(
        "form",
        tag("h2", "Your details"),
        warning(refusal),
        field("E-mail", "email", typed.get("email") or _email(engine, session), type="email", required=True),
        field("Name", "name", typed.get("name", ""), autocomplete="off"),
        _methods(session, typed.get("method", "card")),
        card_field(number, is_required=debit_of(session) is None),
        tag("button", _verb(session), type="submit", class_="button button--wide"),
        _way_back(session),
        id=FORM,
        method="post",
        action=address(session),
        class_="card",
    )
    columns = tag("div", _summary(engine, session), form, card_buttons(address(session), number), class_="columns")
    return page(engine, f"{_verb(session)} – Checkout stand-in", columns, status=status)


def _due(session: dict) -> str:
    """The sum of one charge: of this one, or of a later one where nothing is charged today."""
    item = session["line_items"]["data"][0]
    return words.money(item["price"]["unit_amount"] * item["quantity"], session["currency"])


def _summary(engine, session: dict) -> Safe:
    item = session["line_items"]["data"][0]
    price = item["price"]
    heading = item["description"] or engine.get("product", price["product"])["name"]
    is_later = session["mode"] == "subscription" and session["amount_total"] == 0
    text = ((session.get("custom_text") or {}).get("submit") or {}).get("message")
    return tag(
        "section",
        tag("h1", heading),
        tag(
            "p",
            tag("span", _due(session), class_="amount__figure"),
            " ",
            words.rhythm(price["recurring"]),
            class_="amount",
        ),
        tag("p", "Nothing is charged today; the first charge comes later.") if is_later else None,
        tag("p", text) if text else None,
        tag("p", f"This page is open until {words.moment(session['expires_at'])}.", class_="soft"),
        class_="summary",
    )


def _methods(session: dict, chosen: str) -> Safe | None:
    """Card or bank debit, where the session's currency has one."""
    debit = debit_of(session)
    if debit is None:
        return None
    ways = {
        "card": "Card",
        "debit": f"{debit}: arrives after three days",
        "debit_bounces": f"{debit}: bounces after three days",
    }
    radios = [
        tag(
            "label",
            tag("input", type="radio", name="method", value=value, checked=value == chosen),
            tag("span", text),
            class_="choice",
        )
        for value, text in ways.items()
    ]
    return tag("fieldset", tag("legend", "Pay by"), radios, class_="choices")


def debit_of(session: dict) -> str | None:
    return DEBITS.get(people.DEBITS.get(session["currency"], ""))


def _way_back(session: dict) -> Safe | None:
    back = words.web_address(session["cancel_url"])
    return tag("p", tag("a", "Cancel and go back to the site", href=back), class_="centred") if back else None


def _verb(session: dict) -> str:
    if session["mode"] == "subscription":
        return "Subscribe"
    return {"donate": "Donate", "book": "Book"}.get(session.get("submit_type") or "", "Pay")


def _email(engine, session: dict) -> str:
    if session["customer"]:
        return engine.get("customer", session["customer"]).get("email") or ""
    return session["customer_email"] or ""


def _thanks(session: dict) -> str:
    return (session["success_url"] or "").replace("{CHECKOUT_SESSION_ID}", session["id"])


def address(session: dict) -> str:
    return f"/pay/{session['id']}"
