"""
The demo's invented backers and what they do over some quarters: a plan made of dates, the same whenever it is made for
the same day. Nobody here exists. Nothing is written: `antiempire.demo.history` plays the plan against the stand-in.
"""

import datetime as dt
import random
from dataclasses import dataclass

FIRST_NAMES = (
    *("Ada", "Bruno", "Celia", "Dario", "Edith", "Felix", "Greta", "Hanno", "Irene", "Jonas", "Katja", "Leon", "Mira"),
    *("Nils", "Olga", "Piet", "Rosa", "Sven", "Thea", "Ugo", "Vera", "Wim", "Yara", "Zeno", "Anke", "Boris", "Carla"),
    *("Dirk", "Elsa", "Franz", "Gudrun", "Henk", "Ilse", "Jarl", "Karin", "Lotte", "Marek", "Nora", "Otis", "Paula"),
)
LAST_NAMES = (
    *("Abbot", "Brandt", "Corvi", "Dahl", "Egger", "Frost", "Gruber", "Hale", "Ibsen", "Jansen", "Keller", "Lund"),
    *("Marsh", "Novak", "Orton", "Petri", "Quist", "Rossi", "Stern", "Thorn", "Unger", "Vance", "Weber", "Young"),
    "Zoller",
)
# Currency, how many of a hundred people pay in it, and what they give in whole units.
CURRENCIES = (
    ("USD", 40, (10, 10, 25, 25, 25, 50, 100)),
    ("EUR", 20, (10, 25, 25, 50)),
    ("GBP", 14, (10, 20, 20, 40)),
    ("CAD", 13, (15, 35, 70)),
    ("AUD", 13, (15, 40, 75)),
)
# Whole dollars for each quarter from the second one of the history on: until now, the next, and the one after it.
GOALS = (500, 750, 900, 1000, 1200, 1500, 1500)
PAYS, FAILS_LATER = "4242424242424242", "4000000000000341"

# What becomes of some, by their number: fields of their plan.
PLEDGES_FATES = {
    4: {"ends_after": 200},
    11: {"card": FAILS_LATER},
    14: {"paused_after": 150},
    17: {"ends_after": 110},
    23: {"ends_after": 230},
    29: {"card": FAILS_LATER},
}
GIFTS_FATES = {
    3: {"refunded_after": 6},
    7: {"disputed_after": 40, "dispute_outcome": "lost"},
    12: {"refunded_after": 230},
    16: {"disputed_after": 35, "dispute_outcome": "won"},
    19: {"refunded_after": 30, "refunded_part": 5},
}


@dataclass(frozen=True)
class Plan:
    """One pledge or gift. Amounts in whole units; what happens later, in days after the beginning (0 for never)."""

    at: dt.datetime
    name: str
    email: str
    currency: str
    units: int
    kind: str  # "quarterly" or "once", as an Intent says it
    card: str = PAYS
    is_named: bool = False
    message: str = ""
    on_behalf_of: str = ""  # a name that the person agreed to show
    ends_after: int = 0
    paused_after: int = 0
    refunded_after: int = 0
    refunded_part: int = 0  # whole units; 0 for all of it
    disputed_after: int = 0
    dispute_outcome: str = ""


def plans(begin: dt.datetime, end: dt.datetime) -> list[Plan]:
    """In order of time, all before `end`."""
    chance = random.Random("the backers of Tollmere")  # noqa: S311 - invented people, not a secret
    people = [_person(number) for number in range(60)]
    days = (end - begin).days
    made = [_pledge(chance, people[number], begin, days, number) for number in range(46)]
    made += [_gift(chance, people[30 + number], begin, days, number) for number in range(26)]
    return sorted((plan for plan in made if plan.at < end - dt.timedelta(days=1)), key=lambda plan: plan.at)


def _person(number: int) -> tuple[str, str]:
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[(number * 7 + number // 40) % len(LAST_NAMES)]
    return f"{first} {last}", f"{first}.{last}@example.org".lower()


def _pledge(chance: random.Random, person: tuple[str, str], begin: dt.datetime, days: int, number: int) -> Plan:
    currency, units = _amount(chance)
    fate = PLEDGES_FATES.get(number, {})
    # Most came in the first year, and some every month since; those with a fate early enough to meet it.
    day = int(days * chance.random() ** 1.4 * (0.5 if fate else 1))
    return Plan(
        at=_moment(chance, begin, day),
        name=person[0],
        email=person[1],
        currency=currency,
        units=units,
        kind="quarterly",
        is_named=number % 3 == 0,
        message="For the council reports." if number == 9 else "",
        **fate,
    )


def _gift(chance: random.Random, person: tuple[str, str], begin: dt.datetime, days: int, number: int) -> Plan:
    currency, units = _amount(chance)
    fate = GIFTS_FATES.get(number, {})
    return Plan(
        at=_moment(chance, begin, int(days * chance.random() * (0.6 if fate else 1))),
        name=person[0],
        email=person[1].title() if number % 5 == 0 else person[1],
        currency=currency,
        units=units * 2,
        kind="once",
        is_named=number % 4 == 0,
        on_behalf_of="Rose Tilling" if number == 5 else "",
        **fate,
    )


def _amount(chance: random.Random) -> tuple[str, int]:
    currency, _, amounts = chance.choices(CURRENCIES, weights=[share for _, share, _ in CURRENCIES])[0]
    return currency, chance.choice(amounts)


def _moment(chance: random.Random, begin: dt.datetime, day: int) -> dt.datetime:
    return begin + dt.timedelta(days=day, hours=chance.randrange(6, 23), minutes=chance.randrange(60))
