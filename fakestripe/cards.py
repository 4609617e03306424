"""
The cards that shoppers may use. Numbers and what they do: https://docs.stripe.com/testing. Where a card there fails
only in some later step, so does it here.
"""

from dataclasses import dataclass

from fakestripe.errors import CardRefused


@dataclass(frozen=True)
class Card:
    number: str
    says: str  # for people who choose one
    first: str = ""  # why it is refused while the shopper is there; empty when it pays
    later: str = ""  # why it is refused when it is charged without them
    asks: bool = False  # for the cardholder's authentication, each time
    afterwards: str = ""  # what becomes of its charges: "disputed"; or of its refunds: "refund fails", "refund waits"
    brand: str = "visa"

    @property
    def last4(self) -> str:
        return self.number[-4:]


PAYS = "4242424242424242"
DECLINED = "4000000000000002"

KNOWN = {
    card.number: card
    for card in (
        Card(PAYS, "pays"),
        Card("5555555555554444", "pays", brand="mastercard"),
        Card(DECLINED, "is declined", first="generic_decline", later="generic_decline"),
        Card("4000000000009995", "has no money left", first="insufficient_funds", later="insufficient_funds"),
        Card("4000000000000069", "has expired", first="expired_card", later="expired_card"),
        Card("4000000000000341", "pays now, fails at every later charge", later="generic_decline"),
        Card("4000002760003184", "asks for authentication every time", asks=True),
        Card("4000000000000259", "pays, is disputed a day later", afterwards="disputed"),
        Card("4000000000005126", "pays; its refunds fail some days later", afterwards="refund fails"),
        Card("4000000000007726", "pays; its refunds take some days", afterwards="refund waits"),
    )
}

# Declines that have a code of their own; all others are `card_declined`.
_OWN_CODES = {"expired_card": "Your card has expired."}


def known(number: str) -> Card:
    """Raises CardRefused for any number that is not in the list."""
    card = KNOWN.get("".join(number.split()))
    if card is None:
        raise CardRefused("Your card number is incorrect.", code="incorrect_number")
    return card


def decline(reason: str) -> CardRefused:
    if reason == "authentication_failed":
        return CardRefused(
            "We are unable to authenticate your payment method.", code="payment_intent_authentication_failure"
        )
    if reason in _OWN_CODES:
        return CardRefused(_OWN_CODES[reason], code=reason, decline_code=reason)
    words = "Your card has insufficient funds." if reason == "insufficient_funds" else "Your card was declined."
    return CardRefused(words, code="card_declined", decline_code=reason)
