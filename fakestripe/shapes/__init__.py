"""How each object looks when it is made: Stripe's newest shapes, held to the SDK's types by the contract test."""

from typing import Any


def a_list(address: str, data: list[Any], has_more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": has_more, "url": address}


NO_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}
NO_TAX = {"enabled": False, "liability": None}
SELF = {"account": None, "type": "self"}
