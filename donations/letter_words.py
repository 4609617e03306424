"""
The words of the letters to backers: which facts each template is given. What is told, to whom and when is decided in
`donations.letters`.
"""

import datetime as dt

from django.conf import settings

from donations import holding, replacing, wording
from donations.figures import PublicQuarter
from donations.models import Adjustment, Dedication, Intent, Invoice, Payment, Pledge
from donations.money import Money
from donations.quarters import Quarter
from foundation import letter_paper
from foundation.letter_paper import Words, address

# Stages that come long after the letter which they go back to.
LATER_STAGES = {"refund-failed": "refund", "dispute-lost": "dispute", "dispute-won": "dispute"}


def render(template: str, **facts) -> Words:
    """The letter of that name, told with these facts."""
    return letter_paper.render(f"donations/letters/{template}", **_of_the_site(), **facts)


def _of_the_site() -> dict:
    return {
        "support_url": address("support"),
        "manage_url": address("manage"),
        "figures_url": address("figures"),
        "tax_wording": settings.RECEIPT_TAX_WORDING,
    }


def of_payment(payment: Payment) -> Words:
    return render(
        "thanks",
        name=payment.backer.name,
        amount=payment.amount,
        paid_at=payment.succeeded_at,
        quarter=payment.quarter,
        method=payment.get_method_display() if payment.kind == Payment.Kind.OFFLINE else "card or bank, through Stripe",
        receipt_number=payment.receipt_number,
        is_of_pledge=payment.pledge_id is not None,
        is_first=payment.pledge_id is not None and _is_first(payment),
        next_charge_at=_next_charge(payment.pledge, payment.succeeded_at) if payment.pledge else None,
        next_amount=payment.pledge.amount if payment.pledge else None,
        paid_besides=replacing.paid_besides(payment),
    )


def _is_first(payment: Payment) -> bool:
    return not payment.pledge.payments.filter(succeeded_at__lt=payment.succeeded_at).exists()


def _next_charge(pledge: Pledge, after: dt.datetime) -> dt.datetime | None:
    promised = pledge.contributions.filter(state="promised", due_at__gt=after).order_by("due_at").first()
    return promised.due_at if promised else None


def of_charge_ahead(*, name: str, amount: Money, due_at: dt.datetime, quarter) -> Words:
    return render("charge_ahead", name=name, amount=amount, due_at=due_at, quarter=quarter)


def of_failure(invoice: Invoice) -> Words:
    return render(
        "charge_failed",
        name=invoice.pledge.backer.name,
        amount=invoice.amount,
        next_attempt_at=invoice.next_attempt_at,
        pay_url=invoice.hosted_url,
    )


def of_authentication(invoice: Invoice) -> Words:
    from donations.contributions import AUTHENTICATION_WAITS

    return render(
        "authenticate",
        name=invoice.pledge.backer.name,
        amount=invoice.amount,
        answer_until=invoice.needs_action_since + AUTHENTICATION_WAITS,
        pay_url=invoice.hosted_url,
    )


def of_bounced_pledge(pledge: Pledge) -> Words:
    """What it was to replace was never touched, and is named so that nobody wonders."""
    old = replacing.predecessor(pledge)
    goes_on = old if old and old.is_giving and not old.ends_at else None
    return _of_bounce(pledge.amount, name=pledge.backer.name, is_of_pledge=True, goes_on=goes_on)


def of_bounced_gift(intent: Intent, *, name: str) -> Words:
    return _of_bounce(intent.amount, name=name, is_of_pledge=False)


def _of_bounce(amount: Money, *, name: str, is_of_pledge: bool, goes_on: Pledge | None = None) -> Words:
    unpaid = goes_on.invoices.filter(status=Invoice.Status.OPEN, is_processing=False).first() if goes_on else None
    return render(
        "debit_failed",
        name=name,
        amount=amount,
        is_of_pledge=is_of_pledge,
        goes_on=goes_on.amount if goes_on else None,
        pay_url=unpaid.hosted_url if unpaid else "",
        retry_at=unpaid.next_attempt_at if unpaid else None,
        again_url=address("manage") if goes_on else address("support_in", amount.currency),
    )


def of_dedication(gift: Dedication, quarter: Quarter, *, decline_url: str) -> Words:
    """To the person in whose name somebody gave. No amount: that is the giver's own affair."""
    return render(
        "dedication",
        name=gift.name,
        giver=gift.giver,
        words=gift.words,
        quarter=quarter,
        months=wording.months(quarter),
        may_be_shown=gift.name_status != Intent.NameStatus.HIDDEN,
        decline_url=decline_url,
    )


def of_ending(pledge: Pledge) -> Words:
    return render(
        "set_to_end",
        name=pledge.backer.name,
        amount=pledge.amount,
        ends_at=pledge.ends_at,
        is_debited=pledge.invoices.filter(status=Invoice.Status.OPEN, is_processing=True).exists(),
        last_quarter=_last_paid_quarter(pledge),
    )


def of_end(pledge: Pledge) -> Words:
    unpaid = pledge.invoices.order_by("-period_start").first()
    return render(
        "ended",
        name=pledge.backer.name,
        amount=pledge.amount,
        ended_at=pledge.ended_at,
        last_quarter=_last_paid_quarter(pledge),
        was_not_paid=unpaid is not None and unpaid.status in (Invoice.Status.OPEN, Invoice.Status.UNCOLLECTIBLE),
    )


def _last_paid_quarter(pledge: Pledge):
    paid = pledge.contributions.filter(state="paid", amount_minor__gt=0).order_by("-quarter").first()
    return paid.quarter if paid else None


def stage_of(adjustment: Adjustment) -> str:
    """Which letter an adjustment's present state calls for; empty for none."""
    if adjustment.kind == Adjustment.Kind.REFUND:
        return "refund" if adjustment.takes_back else "refund-failed"
    if adjustment.takes_back:
        return "dispute-lost"
    if adjustment.status == "won":
        return "dispute-won"
    return "dispute" if adjustment.status in ("needs_response", "under_review") else ""


def of_adjustment(stage: str, adjustment: Adjustment) -> Words:
    payment = adjustment.payment
    pledge = holding.going_on(payment)
    return render(
        stage.replace("-", "_"),
        name=payment.backer.name,
        amount=adjustment.amount,
        paid=payment.amount,
        paid_at=payment.succeeded_at,
        occurred_at=adjustment.occurred_at,
        quarter=payment.quarter,
        is_whole=adjustment.amount == payment.amount,
        is_held=pledge is not None and pledge.is_paused,
        goes_on=pledge is not None,
        next_charge_at=pledge.next_charge_at if pledge and pledge.is_giving else None,
    )


def of_link(url: str) -> Words:
    return render("manage_link", url=url)


def of_quarter(quarter: PublicQuarter, *, name: str, given: list[Money], stop_url: str) -> Words:
    """The closed figures as the public page shows and writes them: what is not told there is not told here."""
    return render(
        "quarter_end",
        name=name,
        quarter=quarter.quarter,
        months=quarter.months,
        backers=quarter.backers,
        total=_total(quarter),
        totals=[wording.amount(each.money) for each in quarter.currencies if each.money],
        apart=quarter.apart,
        goal=quarter.goal.words if quarter.goal and not quarter.is_hidden else "",
        given=[wording.amount(each) for each in given],
        stop_url=stop_url,
    )


def _total(quarter: PublicQuarter) -> str:
    if not quarter.total:
        return ""
    return wording.about(wording.amount(quarter.total), is_converted=quarter.is_about)
