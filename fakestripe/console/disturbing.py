"""The form that makes the stand-in misbehave."""

from fakestripe.console import rows
from fakestripe.pages.layout import field
from fakestripe.pages.markup import Safe, tag

SWITCHES = {
    "shuffle": "deliver events in any order",
    "refuse": "close connections without doing anything",
    "lose_answers": "do what is asked, but lose the answer",
}
FIGURES = {
    "drop": "share of events never delivered, 0 to 1",
    "duplicate": "share of events delivered twice, 0 to 1",
    "delay": "seconds before an event is delivered",
    "hang_seconds": "seconds until a request is answered",
    "next_requests": "requests disturbed until it ends, 0 for all",
    "late_settlement": "seconds until a charge has its balance transaction",
}
STATUSES = {"0": "as usual", "500": "500, broken", "429": "429, too many requests"}
RENEWALS = {
    "": "as its card says",
    "generic_decline": "is declined",
    "insufficient_funds": "has no money left",
    "expired_card": "has an expired card",
    "authentication_required": "needs authentication",
}


def faults_form(engine, finding: str, line: Safe | None) -> Safe:
    now = engine.faults.shown()
    is_well = not any(value for name, value in now.items() if name != "seed")
    return tag(
        "section",
        tag("h2", "Faults ", tag("span", "none" if is_well else "on", class_="soft")),
        line,
        tag(
            "form",
            tag(
                "div", _renewals(now), _statuses(now), [_figure(name, now) for name in FIGURES], class_="faults__fields"
            ),
            [_switch(name, now) for name in SWITCHES],
            tag(
                "p",
                tag("button", "misbehave like this", type="submit", name="deed", value="set"),
                tag("button", "all well again", type="submit", name="deed", value="none"),
                class_="deeds",
            ),
            method="post",
            action=rows.deed_address("faults", "now", finding),
            class_="faults",
        ),
        class_="section",
        id="faults",
    )


def _renewals(now: dict) -> Safe:
    return _select("next renewal", "next_renewal", RENEWALS, now)


def _statuses(now: dict) -> Safe:
    return _select("requests are answered", "status", STATUSES, now)


def _select(label: str, name: str, choices: dict[str, str], now: dict) -> Safe:
    options = [tag("option", text, value=value, selected=value == str(now[name])) for value, text in choices.items()]
    return tag("label", tag("span", label, class_="label"), tag("select", options, name=name), class_="field")


def _figure(name: str, now: dict) -> Safe:
    return field(FIGURES[name], name, f"{now[name]:g}", inputmode="decimal")


def _switch(name: str, now: dict) -> Safe:
    box = tag("input", type="checkbox", name=name, checked=bool(now[name]))
    return tag("label", box, tag("span", SWITCHES[name]), class_="choice")
