"""The answer that other apps may have about somebody's money: yes or no, for an address that its owner has proven."""

from donations import people
from donations.mode import is_live
from donations.models import Contribution
from donations.periods import current_quarter, next_quarter
from foundation import clock


def is_backer(address: str) -> bool:
    """Whether money or a promise of theirs counts for the present quarter or the next."""
    backer = people.find(address, livemode=is_live())
    if backer is None or backer.forgotten_at:
        return False
    counting = Contribution.objects.counting(clock.now()).filter(backer=backer, livemode=is_live())
    return counting.filter(quarter__in=[current_quarter(), next_quarter()]).exists()
