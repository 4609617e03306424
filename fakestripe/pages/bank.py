"""The bank's question "is it you?": what a card with strong authentication puts between the button and the charge."""

from fakestripe.pages.layout import page
from fakestripe.pages.markup import tag
from fakestripe.web import Answer


def ask_the_bank(engine, action: str, kept: dict[str, str], sum_in_words: str) -> Answer:
    """`kept` is what the first form held; it comes back with the verdict in `bank`: "yes" or "no"."""
    form = tag(
        "form",
        tag("h1", "Your bank asks: is it you?"),
        tag(
            "p",
            f"A payment of {sum_in_words} waits for your consent. A real bank would ask for a code or a fingerprint.",
        ),
        [tag("input", type="hidden", name=name, value=value) for name, value in kept.items()],
        tag("button", "Yes, it is me", type="submit", name="bank", value="yes", class_="button button--wide"),
        tag(
            "button",
            "No, refuse it",
            type="submit",
            name="bank",
            value="no",
            class_="button button--wide button--plain",
        ),
        method="post",
        action=action,
        class_="card",
    )
    return page(engine, "The bank asks – stand-in", form)
