"""What is answered when a request cannot be done. Status codes and types: https://docs.stripe.com/api/errors"""

from typing import Any


class Refused(Exception):
    """Answered as Stripe's error object. `executed`: the act had begun, and its idempotency key is spent."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        executed: bool = True,
    ):
        super().__init__(message)
        self.message, self.status, self.kind = message, status, kind
        self.code, self.param, self.executed = code, param, executed

    def body(self) -> dict[str, Any]:
        error = {"type": self.kind, "message": self.message, "code": self.code, "param": self.param, **self.more()}
        return {"error": {name: value for name, value in error.items() if value}}

    def more(self) -> dict[str, Any]:
        return {}


class CardRefused(Refused):
    """The bank said no. Codes: https://docs.stripe.com/declines/codes"""

    def __init__(self, message: str, *, code: str, decline_code: str = ""):
        super().__init__(message, status=402, kind="card_error", code=code)
        self.decline_code = decline_code

    def more(self) -> dict[str, Any]:
        return {"decline_code": self.decline_code}


class AuthenticationNeeded(CardRefused):
    """The bank wants to ask the person first; the same act with `authenticated` True or False goes on."""

    def __init__(self) -> None:
        super().__init__("This payment needs the cardholder's authentication.", code="authentication_required")


def not_found(kind: str, key: str) -> Refused:
    return Refused(f"No such {kind}: '{key}'", status=404, code="resource_missing", param="id")


def unknown_parameter(name: str) -> Refused:
    return Refused(f"Received unknown parameter: {name}", code="parameter_unknown", param=name, executed=False)


def missing_parameter(name: str) -> Refused:
    return Refused(f"Missing required param: {name}.", code="parameter_missing", param=name, executed=False)


def invalid(name: str, message: str, code: str = "") -> Refused:
    return Refused(message, code=code, param=name, executed=False)
