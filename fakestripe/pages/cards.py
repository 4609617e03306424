"""The card's field and the list of test cards beneath it, shared by Checkout, portal and invoice."""

from fakestripe import cards
from fakestripe.pages import words
from fakestripe.pages.layout import field
from fakestripe.pages.markup import Safe, tag

FORM = "card-form"  # the id of the form that the card's field stands in


def number_in(form: dict[str, str]) -> str:
    """The card's number as typed or as filled by one of the buttons, without spaces."""
    return "".join(sign for sign in form.get("fill") or form.get("card", "") if sign.isdigit())


def card_field(number: str, *, is_required: bool = True) -> Safe:
    return field(
        "Card number",
        "card",
        words.grouped(number),
        id="card",
        inputmode="numeric",
        autocomplete="off",
        placeholder="4242 4242 4242 4242",
        required=is_required,
    )


def card_buttons(action: str, chosen: str) -> Safe:
    """
    One button a card. They belong to the form of that id, so that nothing typed is lost, and stand after the button
    that pays: the Enter key presses a form's first one.
    """
    return tag(
        "section",
        tag("h2", "Test cards"),
        tag("p", "Press one to fill it in.", class_="soft"),
        tag("div", [_choice(card, action, is_chosen=card.number == chosen) for card in cards.KNOWN.values()]),
        class_="cards",
    )


def unknown(number: str) -> str | None:
    if number in cards.KNOWN:
        return None
    return "The stand-in knows only the test cards listed here. Never type a real card number."


def _choice(card: cards.Card, action: str, *, is_chosen: bool) -> Safe:
    return tag(
        "button",
        tag("span", words.grouped(card.number), class_="cards__number"),
        tag("span", card.says, class_="cards__says"),
        type="submit",
        form=FORM,
        name="fill",
        value=card.number,
        formaction=f"{action}#card",
        formnovalidate=True,
        aria_pressed="true" if is_chosen else None,
    )
