"""What may stand in an address: only the one way to write a year, a month or a number, so no page has two addresses."""


class YearConverter:
    """The years of `clock.YEARS`."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value) -> str:
        return f"{int(value):04}"


class MonthConverter(YearConverter):
    regex = "(?:0[1-9]|1[0-2])"

    def to_url(self, value) -> str:
        return f"{int(value):02}"


class NumberConverter:
    """A positive number without leading zeros that fits the database."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value) -> str:
        return str(value)
