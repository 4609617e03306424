"""The soak's people: pledges and gifts over a year in five currencies, and what happens to them, by a seed."""

import random

from tests.donations.year import ASKS, CURRENCIES, DECLINED, FAILS_LATER, PAYS, Part

HOURS = 365 * 24
# So many of a hundred pledges, or gifts, have this happen to them at some day after their beginning.
OF_PLEDGES = (
    ("end", 8, (10, 200)),
    ("stay", 4, (60, 220)),
    ("stop", 5, (20, 250)),
    ("pause", 6, (10, 200)),
    ("resume", 4, (60, 280)),
    ("amount", 8, (5, 250)),
    ("card fails", 8, (5, 200)),
    ("card asks", 6, (5, 200)),
    ("card pays", 10, (95, 300)),
    ("answer", 10, (92, 106)),
    ("answer wrongly", 3, (92, 106)),
    ("part", 40, (91, 105)),  # many, as few of them owe anything then
    ("refund", 6, (2, 300)),
    ("refund in part", 6, (2, 300)),
    ("refund that fails", 3, (2, 300)),
    ("dispute won", 3, (10, 300)),
    ("dispute lost", 4, (10, 300)),
    ("dispute", 2, (10, 300)),
)
OF_GIFTS = tuple(row for row in OF_PLEDGES if row[0].startswith(("refund", "dispute")))
CARDS = ((PAYS, 84), (DECLINED, 4), (FAILS_LATER, 7), (ASKS, 5))
AMOUNTS = (1000, 1500, 2500, 4000, 10000)


def crowd(chance: random.Random, *, pledges: int, gifts: int) -> list[Part]:
    """A person may have several of both, and in several currencies."""
    people = max(3, (pledges + gifts) * 7 // 10)
    return [
        _part(chance, people, "quarterly", OF_PLEDGES) if number < pledges else _part(chance, people, "once", OF_GIFTS)
        for number in range(pledges + gifts)
    ]


def _part(chance: random.Random, people: int, kind: str, happenings) -> Part:
    acts = tuple((chance.randint(*days), name) for name, share, days in happenings if chance.random() * 100 < share)
    cards, weights = zip(*CARDS, strict=True)
    return Part(
        # Most pledge early enough to be charged again.
        hour=int(HOURS * chance.random() ** (1.6 if kind == "quarterly" else 1)),
        person=chance.randrange(people),
        currency=chance.choice(CURRENCIES),
        minor=chance.choice(AMOUNTS),
        kind=kind,
        card=chance.choices(cards, weights)[0] if kind == "quarterly" else chance.choice((PAYS, PAYS, DECLINED)),
        acts=tuple(sorted(acts)),
    )
