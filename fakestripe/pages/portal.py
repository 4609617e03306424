"""The customer's portal: the card that is charged next, and the address. Everything else the site does itself."""

from fakestripe import cards
from fakestripe.acts import people, wallet
from fakestripe.errors import Refused
from fakestripe.pages import words
from fakestripe.pages.cards import FORM, card_buttons, card_field, number_in, unknown
from fakestripe.pages.layout import comes_from_elsewhere, facts, field, page, told, warning
from fakestripe.pages.markup import Safe, tag
from fakestripe.shapes import NO_ADDRESS
from fakestripe.web import Answer, Request, redirect

DONE = {"card": "The new card is kept. Every later charge goes to it.", "address": "Your name and address are kept."}
ADDRESS = {"line1": "Street", "postal_code": "Postal code", "city": "City", "country": "Country (two letters)"}


def show(engine, request: Request, portal_id: str) -> Answer:
    session, answer = _session(engine, portal_id)
    return answer or _view(engine, session, request.query)


def change_card(engine, request: Request, portal_id: str) -> Answer:
    session, answer = _session(engine, portal_id, request)
    if answer:
        return answer
    number = number_in(request.form)
    if "fill" in request.form:
        return _view(engine, session, {"card": number})
    refusal = unknown(number) or _refusal_of(number)
    if refusal is None:
        try:
            wallet.replace_card(engine, session["customer"], card=number)
        except Refused as refused:
            refusal = refused.message
    if refusal:
        return _view(engine, session, {"card": number}, refusal=refusal, status=402)
    return redirect(_after_the_flow(session) or f"{address(session)}?done=card")


def _refusal_of(number: str) -> str | None:
    """A bank is asked about a new card, and says no to one that could not pay at this moment."""
    reason = cards.known(number).first
    return cards.decline(reason).message if reason else None


def change_address(engine, request: Request, portal_id: str) -> Answer:
    session, answer = _session(engine, portal_id, request)
    if answer:
        return answer
    allowed, form = _allowed(engine, session), request.form
    changes = {}
    if "address" in allowed:
        changes["address"] = {**NO_ADDRESS, **{key: form.get(key, "").strip() or None for key in ADDRESS}}
    if "name" in allowed and form.get("name", "").strip():
        changes["name"] = form["name"].strip()
    people.update(engine, session["customer"], changes)
    return redirect(f"{address(session)}?done=address")


def address(session: dict) -> str:
    return f"/portal/{session['id']}"


def _session(engine, portal_id: str, posted: Request | None = None) -> tuple[dict | None, Answer | None]:
    """The portal's session, or the page that says why it cannot be used."""
    if posted is not None and comes_from_elsewhere(posted):
        return None, told(engine, "Refused", "Another site's page sent this form.", status=403)
    try:
        session = engine.get("billing_portal.session", portal_id)
        customer = engine.get("customer", session["customer"])
    except Refused:
        return None, told(engine, "No such portal", "The address is wrong, or its session is gone.", status=404)
    if customer.get("deleted"):
        return None, told(engine, "No such customer", "This customer has been deleted.", status=404)
    return session, None


def _view(engine, session: dict, typed: dict[str, str], *, refusal: str | None = None, status: int = 200) -> Answer:
    customer = engine.get("customer", session["customer"])
    back = words.web_address(session["return_url"])
    done = DONE.get(typed.get("done", ""))
    return page(
        engine,
        "Portal – stand-in",
        tag("p", tag("a", "← Back to the site", href=back)) if back else None,
        tag("h1", "Card and address"),
        tag("p", done, class_="done", role="status") if done else None,
        tag(
            "div",
            _card_form(engine, session, number_in(typed), refusal),
            card_buttons(f"{address(session)}/card", number_in(typed)),
            _address_form(session, customer, _allowed(engine, session)),
            class_="columns",
        ),
        status=status,
    )


def _card_form(engine, session: dict, number: str, refusal: str | None) -> Safe:
    now = words.card_name(wallet.shown(engine, session["customer"]))
    return tag(
        "form",
        tag("h2", "Card"),
        facts(("Charged next", now)),
        warning(refusal),
        card_field(number),
        tag("button", "Use this card", type="submit", class_="button button--wide"),
        id=FORM,
        method="post",
        action=f"{address(session)}/card",
        class_="card",
    )


def _allowed(engine, session: dict) -> list[str]:
    """What the site lets people change here about themselves; nothing when the portal was opened for one purpose."""
    feature = engine.get("billing_portal.configuration", session["configuration"])["features"]["customer_update"]
    return feature["allowed_updates"] if feature["enabled"] and not session["flow"] else []


def _address_form(session: dict, customer: dict, allowed: list[str]) -> Safe | None:
    if not {"name", "address"} & set(allowed):
        return None
    kept = customer.get("address") or {}
    address_fields = [field(label, key, kept.get(key) or "", autocomplete="off") for key, label in ADDRESS.items()]
    return tag(
        "form",
        tag("h2", "Name and address"),
        facts(("E-mail", customer.get("email"))),
        field("Name", "name", customer.get("name") or "", autocomplete="off") if "name" in allowed else None,
        address_fields if "address" in allowed else None,
        tag("button", "Keep", type="submit", class_="button button--wide"),
        method="post",
        action=f"{address(session)}/address",
        class_="card",
    )


def _after_the_flow(session: dict) -> str | None:
    """Where a portal opened for one purpose leads when that is done."""
    after = (session["flow"] or {}).get("after_completion") or {}
    if after.get("type") != "redirect":
        return None
    return words.web_address(after["redirect"]["return_url"])
