"""
System checks: settings that would quietly make figures wrong, open the ledger to strangers, or send a live key to the
wrong place. Those that have to read the ledger say nothing while there is none, so that they never keep anybody from
making it. What cannot work at all is refused at the start already, by the same words (`donations.mode`).
"""

from collections.abc import Iterable

from django.conf import settings
from django.core import checks
from django.db import Error

from donations import ground, mode
from donations.mode import is_live
from donations.models import Currency, LedgerGround, Payment

ID = "donations"
SHORTEST_HASH_KEY, FEWEST_SIGNS = 32, 10
KEYS = ("sk_test_", "sk_live_", "rk_test_", "rk_live_")


def settings_of_stripe(app_configs, **kwargs) -> list[checks.CheckMessage]:
    return [*_keys(), *_live_keys()]


def settings_of_backers(app_configs, **kwargs) -> list[checks.CheckMessage]:
    return [*_closing(), *([] if settings.DEBUG else _hash_key())]


def the_ledger_stands_on_its_ground(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Time zone, base currency and Stripe's mode against what the ledger already holds."""
    try:
        return [*_ground(), *_other_mode(), *_base_currency()]
    except Error:
        return []


def _closing() -> Iterable[checks.CheckMessage]:
    if settings.BOOKS_CLOSE_AFTER_DAYS < 1:
        yield checks.Error(
            f"BOOKS_CLOSE_AFTER_DAYS is {settings.BOOKS_CLOSE_AFTER_DAYS}: books would close before the quarter ends.",
            hint="Name at least 1 day; 14 leaves time for bank debits and for charges that are tried again.",
            id=f"{ID}.E007",
        )


def _keys() -> Iterable[checks.CheckMessage]:
    key, secrets = settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS
    if key and not key.startswith(KEYS):
        yield checks.Error(
            "STRIPE_SECRET_KEY is not a secret key of Stripe.",
            hint=f"One begins with {' or '.join(KEYS)}; one that begins with pk_ is public and serves nothing here.",
            id=f"{ID}.E001",
        )
    if trouble := mode.refusal(key=key, secrets=secrets):
        yield checks.Error(trouble, hint="Set both, or neither, and look for a comma too many.", id=f"{ID}.E002")
    if secrets and not key:
        yield checks.Error(
            "STRIPE_WEBHOOK_SECRETS is set and STRIPE_SECRET_KEY is not: events would come that nobody can look into.",
            hint="Set both, or neither.",
            id=f"{ID}.E003",
        )


def _live_keys() -> Iterable[checks.CheckMessage]:
    said = settings.STRIPE_LIVE
    if settings.STRIPE_SECRET_KEY and said is not None and said != is_live():
        yield checks.Error(
            f"STRIPE_LIVE is {str(said).lower()}, and STRIPE_SECRET_KEY is a key of "
            f"{'real money' if is_live() else 'the test mode'}.",
            hint="Set the key that you mean, or remove STRIPE_LIVE: with a key nothing needs it.",
            id=f"{ID}.E008",
        )
    if not (settings.STRIPE_SECRET_KEY and is_live()):
        return
    if settings.DEBUG:
        yield checks.Error(
            "A live key of Stripe beside DEBUG: error pages would show what only the treasurer may see.",
            hint="Use a test key, or set DEBUG=false.",
            id=f"{ID}.E004",
        )
    if settings.STRIPE_API_BASE:
        yield checks.Error(
            f"A live key of Stripe would be sent to {settings.STRIPE_API_BASE}.",
            hint="STRIPE_API_BASE is for the stand-in of the demo and the tests. Remove it.",
            id=f"{ID}.E005",
        )


def _hash_key() -> Iterable[checks.CheckMessage]:
    key = settings.BACKER_HASH_KEY
    if len(key) < SHORTEST_HASH_KEY or len(set(key)) < FEWEST_SIGNS or key.startswith("only-for-debugging-"):
        yield checks.Warning(
            f"BACKER_HASH_KEY has fewer than {SHORTEST_HASH_KEY} characters, or fewer than {FEWEST_SIGNS} different "
            "ones: who was forgotten could be guessed from the hash that is kept of them.",
            hint="Set 50 random characters before the first pledge, and never change them.",
            id=f"{ID}.W001",
        )
    if key == settings.SECRET_KEY:
        yield checks.Warning(
            "BACKER_HASH_KEY is SECRET_KEY: changing the one would lose the backers known by the other.",
            hint="Give each a value of its own.",
            id=f"{ID}.W002",
        )


def _ground() -> Iterable[checks.CheckMessage]:
    trouble = ground.difference(LedgerGround.objects.first())
    if trouble:
        yield checks.Error(
            f"{trouble}. The ledger was begun under the first: its quarters and sums rest on it.",
            hint="Set it back. Until then nothing is written to the ledger.",
            id=f"{ID}.E006",
        )


def _other_mode() -> Iterable[checks.CheckMessage]:
    if is_live() or not Payment.objects.filter(livemode=True).exists():
        return
    if settings.STRIPE_SECRET_KEY:
        yield checks.Warning(
            "A test key of Stripe beside payments of real money: pages show the figures of the test mode alone.",
            hint="Right for a copy of the site to try things on; on the site itself set the live key.",
            id=f"{ID}.W003",
        )
    else:
        yield checks.Warning(
            "No key of Stripe beside payments of real money: pages do not tell of them.",
            hint="Set STRIPE_LIVE=true for as long as there is no key.",
            id=f"{ID}.W005",
        )


def _base_currency() -> Iterable[checks.CheckMessage]:
    codes = set(Currency.objects.values_list("code", flat=True))
    if codes and settings.BASE_CURRENCY not in codes:
        yield checks.Warning(
            f"BASE_CURRENCY is {settings.BASE_CURRENCY}, which is not among the site's currencies: nobody can pledge "
            "in it.",
            hint="Add it at the desk, under currencies.",
            id=f"{ID}.W004",
        )
