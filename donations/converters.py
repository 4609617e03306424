"""How addresses name a currency."""


class CurrencyConverter:
    """eur: lower case, and each currency in one spelling only."""

    regex = "[a-z]{3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value.lower()
