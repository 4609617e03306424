"""What is known of one backer, for that person: everything that is about them, and nothing about anybody else."""

from donations import dedications
from donations.models import Backer, Dedication, Intent, Payment, Pledge
from foundation.letters import fold
from foundation.models import Letter


def of(backer: Backer) -> dict:
    """Plain values, ready for JSON. Amounts are decimal figures as text, so that no reader rounds them."""
    payments = backer.payments.select_related("pledge", "intent__dedication").prefetch_related("adjustments")
    return {
        "name": backer.name,
        "e-mail": backer.email,
        "known since": _when(backer.created_at),
        "declined news": _when(backer.news_stopped_at),
        "customers at Stripe": [customer.stripe_id for customer in backer.customers.all()],
        "pledges": [_pledge(pledge) for pledge in backer.pledges.select_related("intent").order_by("started_at")],
        "payments": [_payment(payment) for payment in payments.order_by("succeeded_at", "pk")],
        "gifts of others in your name": [_given_for(gift) for gift in dedications.given_for(backer)],
        "letters": [_letter(letter) for letter in letters_of(backer)],
    }


def letters_of(backer: Backer):
    """Those to the address we have; none for a person without one."""
    folded = fold(backer.email)
    return Letter.objects.filter(folded_to=folded).order_by("created_at") if folded else Letter.objects.none()


def _pledge(pledge: Pledge) -> dict:
    return {
        "subscription": pledge.stripe_id,
        "amount": _amount(pledge),
        "currency": pledge.currency,
        "state": pledge.get_status_display(),
        "paused": pledge.is_paused,
        "since": _when(pledge.started_at),
        "next charge": _when(pledge.next_charge_at),
        "set to end": _when(pledge.ends_at),
        "ended": _when(pledge.ended_at),
        "reason for ending": pledge.cancel_reason,
        **_said(pledge.intent),
    }


def _payment(payment: Payment) -> dict:
    return {
        "number": payment.fact_key,
        "kind": payment.get_kind_display(),
        "amount": _amount(payment),
        "currency": payment.currency,
        "paid": _when(payment.succeeded_at),
        "backs": str(payment.quarter),
        "taken back": [
            {
                "kind": each.get_kind_display(),
                "amount": _amount(each),
                "on": _when(each.occurred_at),
                "state": each.status,
            }
            for each in payment.adjustments.all()
        ],
        **({} if payment.pledge_id else _said(payment.intent)),
    }


def _said(intent: Intent | None) -> dict:
    if intent is None:
        return {}
    return {
        "public name": intent.public_name,
        "name is": intent.get_name_status_display(),
        "message": intent.message,
        "came from": intent.came_from,
        **_in_whose_name(intent),
    }


def _in_whose_name(intent: Intent) -> dict:
    """As it was typed. The other person's address is gone by then, or waits for the letter."""
    gift = getattr(intent, "dedication", None)
    if gift is None:
        return {}
    about = {"name": gift.name, "name is": gift.get_name_status_display(), "given by": gift.giver}
    return {"in the name of": {**about, "e-mail": gift.email, "words": gift.words}}


def _given_for(gift: Dedication) -> dict:
    """What the letter told, and whether the name may be seen. Who paid how much is theirs."""
    return {
        "name": gift.name,
        "name is": gift.get_name_status_display(),
        "given by": gift.giver,
        "words": gift.words,
        "letter written": _when(gift.told_at),
    }


def _letter(letter: Letter) -> dict:
    return {"subject": letter.subject, "written": _when(letter.created_at), "sent": _when(letter.sent_at)}


def _amount(row) -> str:
    return str(row.amount.decimal)


def _when(moment) -> str | None:
    return moment.isoformat() if moment else None
