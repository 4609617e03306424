"""
Letters that no event brings: a week before a pledge is charged again, and when a quarter's books are closed. Asked for
once a day, by any number of processes; each letter's key keeps it single.
"""

import datetime as dt
from collections import defaultdict

from donations import books, figures, letter_words, letters
from donations.mode import is_live
from donations.models import Backer, Contribution, QuarterBook
from donations.money import Money
from donations.quarters import Quarter
from foundation import clock, links
from foundation.models import Letter

AHEAD = dt.timedelta(days=7)
# Books that close much later than they could are history being brought in, or a repair: no news to anybody.
NEWS_UNTIL = dt.timedelta(days=21)
STOP_PURPOSE = "donations: no more news"
_STOP_LINK_LASTS = dt.timedelta(days=800)


def charges_ahead() -> int:
    """Tells of charges within the next week. Returns how many letters were written."""
    now = clock.now()
    due = (
        Contribution.objects.promised(now)
        .filter(livemode=is_live(), payment=None, due_at__gt=now, due_at__lte=now + AHEAD)
        .filter(pledge__backer__forgotten_at=None)
        .exclude(pledge__backer__email="")
        .select_related("pledge__backer")
    )
    return sum(_tell_of_charge(row) for row in due)


def _tell_of_charge(row: Contribution) -> bool:
    key = f"charge-ahead:{row.pledge.stripe_id}:{row.due_at:%Y%m%d}"
    if Letter.objects.filter(key=key).exists():
        return False
    backer = row.pledge.backer
    words = letter_words.of_charge_ahead(name=backer.name, amount=row.amount, due_at=row.due_at, quarter=row.quarter)
    return letters.post_to(backer, key, words, about=f"pledge {row.pledge_id}") is not None


def quarters_ended() -> int:
    """Tells the backers of a quarter whose books were closed within the last week what it came to."""
    now = clock.now()
    fresh = QuarterBook.objects.filter(livemode=is_live(), closed_at__gt=now - AHEAD, closed_at__lte=now)
    newest = [book.quarter for book in fresh if book.closed_at - books.closes_at(book.quarter) < NEWS_UNTIL]
    return sum(_tell_of_quarter(quarter) for quarter in newest)


def _tell_of_quarter(quarter: Quarter) -> int:
    """Everybody is told the figures of the public page, and their own part."""
    public = next(each for each in figures.public_quarters() if each.quarter == quarter)
    given = defaultdict(list)
    rows = Contribution.objects.in_quarter(quarter, livemode=is_live()).received().order_by("currency", "pk")
    for row in rows:
        given[row.backer_id].append(row.amount)
    told = set(Letter.objects.filter(key__startswith=f"quarter:{_code(quarter)}:").values_list("key", flat=True))
    backers = Backer.objects.filter(pk__in=given, forgotten_at=None, news_stopped_at=None).exclude(email="")
    written = 0
    for backer in backers.order_by("pk"):
        key = f"quarter:{_code(quarter)}:{backer.pk}"
        if key not in told:
            stop_url = stop_address(backer)
            words = letter_words.of_quarter(
                public, name=backer.name, given=_summed(given[backer.pk]), stop_url=stop_url
            )
            written += bool(letters.post_to(backer, key, words, about=f"quarter {quarter}", stop_url=stop_url))
    return written


def _code(quarter: Quarter) -> str:
    return f"{quarter.year}Q{quarter.number}"


def _summed(amounts: list[Money]) -> list[Money]:
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return list(sums.values())


def stop_address(backer: Backer) -> str:
    """Where a backer declines the letters that are no receipts, without signing in."""
    expires_at = clock.now() + _STOP_LINK_LASTS
    return letter_words.address("stop_news", links.sign(STOP_PURPOSE, str(backer.pk), expires_at=expires_at))


def stop_news(token: str) -> bool:
    """True if it was not declined before. Raises links.LinkForged or links.LinkExpired."""
    pk = links.read(STOP_PURPOSE, token)
    return bool(Backer.objects.filter(pk=pk, news_stopped_at=None).update(news_stopped_at=clock.now()))
