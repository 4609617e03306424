"""Puts the console together, does what its buttons say, and comes back with a line about it."""

from urllib.parse import urlencode, urlsplit

from fakestripe.console import rows
from fakestripe.console.disturbing import faults_form
from fakestripe.console.doing import DEEDS
from fakestripe.console.moving import STEPS
from fakestripe.errors import Refused
from fakestripe.pages import words
from fakestripe.pages.layout import comes_from_elsewhere, page, told, warning
from fakestripe.pages.markup import Safe, tag
from fakestripe.web import Answer, Request, redirect

STYLE = "/console.css"
FEW, MANY = 6, 200
# Kind of the buttons, kind of the rows, heading, and what makes one row
SECTIONS = (
    ("session", "checkout.session", "Checkout sessions", rows.of_session),
    ("subscription", "subscription", "Subscriptions", rows.of_subscription),
    ("charge", "charge", "Charges", rows.of_charge),
    ("invoice", "invoice", "Invoices", rows.of_invoice),
    ("refund", "refund", "Refunds", rows.of_refund),
    ("dispute", "dispute", "Disputes", rows.of_dispute),
    ("event", "event", "Events", rows.of_event),
)


def show(engine, request: Request) -> Answer:
    return _view(engine, request.query)


def do(engine, request: Request, kind: str, key: str) -> Answer:
    if comes_from_elsewhere(request):
        return told(engine, "Refused", "Another site's page sent this form.", status=403)
    name = request.form.get("deed", "")
    deed = DEEDS.get(kind, {}).get(name)
    if deed is None:
        return told(engine, "No such button", "The console has no button of that name.", status=404)
    try:
        deed.does(engine, key, request.form)
    except Refused as refused:
        return _view(engine, {**request.query, "kind": kind}, refusal=refused.message, status=refused.status)
    told_by = {"kind": kind, "done": name, "of": key, "find": request.query.get("find", "")}
    return redirect(f"/?{urlencode({word: value for word, value in told_by.items() if value})}#{kind}")


def _view(engine, query: dict[str, str], *, refusal: str | None = None, status: int = 200) -> Answer:
    told_at = query.get("kind", "")
    line = warning(refusal) or _line(query)
    finding = query.get("find", "").strip()
    sections = [
        _section(engine, query, finding, line if told_at == section[0] else None, *section) for section in SECTIONS
    ]
    return page(
        engine,
        "Stand-in for Stripe – console",
        _clock(engine, finding, line if told_at == "clock" else None),
        _contents(engine, finding),
        _finder(finding),
        sections,
        faults_form(engine, finding, line if told_at == "faults" else None),
        status=status,
        styles=(STYLE,),
    )


def _line(query: dict[str, str]) -> Safe | None:
    """What was done last, told by the address that the button led to."""
    deed = DEEDS.get(query.get("kind", ""), {}).get(query.get("done", ""))
    if deed is None:
        return None
    return tag("p", deed.says.format(id=query.get("of", "")), class_="done", role="status")


def _clock(engine, finding: str, line: Safe | None) -> Safe:
    steps = [tag("button", text, type="submit", name="deed", value=step) for step, text in STEPS.items()]
    date = tag("input", type="date", name="date", aria_label="Date", min=words.iso_day(engine.now()))
    go = tag("button", "go", type="submit", name="deed", value="date")
    site = _site(engine)
    return tag(
        "section",
        tag("h1", words.day(engine.now())),
        tag("p", "The stand-in's date, which the site follows. Moving it on plays every renewal on the way."),
        line,
        tag(
            "form",
            tag("span", "Move on", class_="label"),
            steps,
            tag("span", date, go, class_="deeds__pair"),
            method="post",
            action=rows.deed_address("clock", "now", finding),
            class_="deeds deeds--large",
        ),
        tag("p", tag("a", "Back to the site", href=site)) if site else None,
        class_="section section--clock",
        id="clock",
    )


def _contents(engine, finding: str) -> Safe:
    """The sections, and how far the site can know what happened here."""
    waiting = engine.waiting()
    again = tag("a", "look again", href=f"/?{urlencode({'find': finding})}" if finding else "/")
    said = [f"Deliveries waiting: {waiting}; the site knows when they have arrived. ", again]
    links = [tag("a", heading, href=f"#{kind}") for kind, _, heading, _ in SECTIONS]
    return tag(
        "nav",
        links,
        tag("a", "Faults", href="#faults"),
        tag("span", said if waiting else "Every event has been delivered."),
        class_="contents",
    )


def _section(
    engine, query: dict[str, str], finding: str, line: Safe | None, kind: str, rows_of: str, heading: str, row
) -> Safe:
    found = _found(engine, rows_of, finding)
    limit = MANY if query.get("all") == kind else FEW
    more = len(found) - limit
    return tag(
        "section",
        tag("h2", heading, " ", tag("span", str(len(found)), class_="soft")),
        line,
        tag("ul", [row(engine, one).shown(finding) for one in found[:limit]], class_="rows") if found else None,
        None if found else tag("p", "None of theirs." if finding else "None yet."),
        _more(kind, min(more, MANY - FEW), finding) if more > 0 else None,
        class_="section",
        id=kind,
    )


def _found(engine, rows_of: str, finding: str) -> list[dict]:
    """The newest first, but unpaid invoices before all; of one reader alone when somebody is looked for."""
    found = engine.find(rows_of)
    if rows_of == "invoice":
        found.sort(key=lambda row: row["status"] not in ("draft", "open"))
    if not finding or rows_of == "event":
        return found
    return [one for one in found if finding.casefold() in rows.email_of(engine, one).casefold()]


def _more(kind: str, count: int, finding: str) -> Safe:
    query = urlencode({"all": kind, **({"find": finding} if finding else {})})
    return tag("p", tag("a", f"{count} more", href=f"/?{query}#{kind}"))


def _finder(finding: str) -> Safe:
    return tag(
        "form",
        tag("input", type="search", name="find", value=finding, placeholder="reader’s e-mail", aria_label="E-mail"),
        tag("button", "find", type="submit"),
        tag("a", "show everybody", href="/") if finding else None,
        method="get",
        action="/",
        class_="deeds",
    )


def _site(engine) -> str | None:
    """The site's address, by the name under which a reader came from it last, or else by that of its webhook."""
    newest = next(engine.store.newest_first("checkout.session"), {})
    parts = urlsplit(newest.get("cancel_url") or newest.get("success_url") or engine.outbox.url)
    return words.web_address(f"{parts.scheme}://{parts.netloc}/") if parts.netloc else None
