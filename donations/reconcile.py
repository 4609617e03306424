"""
Comparing the ledger with Stripe, and repairing it by the same verbs that events use. What the ledger refuses is told
and left to a person: it counts for nothing, like a quarantined event.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from donations.differences import Comparison, Difference
from donations.ledger import NotOurs, Refused, UnknownIntent
from donations.stripe_gateway import StripeDown, StripeRefused
from foundation import clock

logger = logging.getLogger(__name__)

USUAL_SPAN = dt.timedelta(days=35)


@dataclass
class Report:
    """`refused` are no differences: the ledger is as it should be without them."""

    found: list[Difference] = field(default_factory=list)
    repaired: list[Difference] = field(default_factory=list)
    remaining: list[tuple[Difference, str]] = field(default_factory=list)
    refused: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        told = [f"{len(self.found)} differences found", f"{len(self.repaired)} repaired"]
        if self.refused:
            told.append(f"{len(self.refused)} refused")
        return ", ".join(told) + "."


def run(
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    *,
    apply: bool = False,
    adopt: bool = False,
    tell: Callable[[str], object] = lambda line: None,
) -> Report:
    """
    Compares, and with `apply` repairs. `adopt` takes in what an earlier installation of this site was pledged. Raises
    StripeDown; what was repaired until then stays.
    """
    now, report = clock.now(), Report()
    for difference in Comparison(since or now - USUAL_SPAN, until or now, adopt=adopt).run():
        if difference.refusal:
            report.refused.append(difference)
            tell(str(difference))
            continue
        report.found.append(difference)
        trouble = _repair(difference) if apply else "not repaired: --apply does that"
        if trouble:
            report.remaining.append((difference, trouble))
        else:
            report.repaired.append(difference)
        tell(f"{difference}; {trouble or 'repaired'}" if apply else str(difference))
    return report


def _repair(difference: Difference) -> str:
    """Why it remains; empty when it does not."""
    if difference.repair is None:
        return "a person has to look at it"
    try:
        difference.repair()
    except UnknownIntent as error:
        return f"not repaired: {error}; --adopt-unknown takes it in"
    except (Refused, StripeRefused) as error:
        return f"not repaired: {error}"
    except NotOurs:
        return "not repaired: it carries no words of this site"
    except StripeDown:
        raise
    # A command's loop: what is wrong with one object must not keep the others from being repaired.
    except Exception as error:
        logger.exception("%s could not be repaired", difference.about)
        return f"not repaired: {type(error).__name__}: {error}"
    return ""


def lasting(*, pause: Callable[[], object]) -> list[Difference]:
    """
    Differences that are still there after a pause: what was found the first time only was news on its way. Repairs
    nothing.
    """
    first = {(each.about, each.words) for each in run().found}
    if not first:
        return []
    pause()
    return [each for each in run().found if (each.about, each.words) in first]
