"""What happens to a pledge at the stand-in before and after its bank asks."""

import datetime as dt

from donations.models import Adjustment, Payment


def dispute(path, payment: Payment | None = None) -> Adjustment:
    payment = payment or Payment.objects.latest("succeeded_at")
    path.stand_in.do(f"charges/{payment.fact_key}/dispute", reason="fraudulent")
    path.settle()
    return payment.adjustments.get(kind="dispute")


def close(path, disputed: Adjustment, outcome: str) -> None:
    path.stand_in.do(f"disputes/{disputed.fact_key}/close", outcome=outcome)
    path.settle()


def fall_behind(path, pledge) -> None:
    """The charge of May fails, and is tried again in three days."""
    path.stand_in.do("faults", next_renewal="card_declined")
    path.go_to(pledge.next_charge_at + dt.timedelta(hours=2))
    path.settle()
    pledge.refresh_from_db()
    assert pledge.status == "past_due"


def is_paused(path, pledge) -> bool:
    pledge.refresh_from_db()
    assert (path.row("subscription", pledge.stripe_id)["pause_collection"] is not None) == pledge.is_paused
    return pledge.is_paused
