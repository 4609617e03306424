"""
Which pledges a dispute concerns: that of the disputed payment, and whichever took its place since, as a change of
currency makes it: it is the same person who asks the bank. One that was begun only after the dispute was opened is its
backer's newer word, and no dispute of before it concerns it.
"""

from donations import replacing
from donations.models import Adjustment, Payment, Pledge


def concerned(payment: Payment) -> list[Pledge]:
    """The pledge of the payment and those that followed it, ended or not."""
    found = [payment.pledge] if payment.pledge else []
    for each in found:  # which grows
        found += [new for new in replacing.successors(each) if new not in found]
    return found


def disputes_over(pledge: Pledge) -> list[Adjustment]:
    """Every dispute that concerns it, however that stands."""
    line = [pledge]
    while (before := replacing.predecessor(line[-1])) and before not in line:
        line.append(before)
    disputes = Adjustment.objects.filter(kind=Adjustment.Kind.DISPUTE, payment__pledge__in=line)
    return [
        each
        for each in disputes.select_related("payment")
        if each.payment.pledge_id == pledge.pk or pledge.started_at <= each.occurred_at
    ]


def is_disputed(pledge: Pledge) -> bool:
    return any(each.is_open for each in disputes_over(pledge))


def going_on(payment: Payment) -> Pledge | None:
    """The one of those concerned that has not ended, and is not set to."""
    return next((each for each in concerned(payment) if not (each.is_over or each.ends_at)), None)
