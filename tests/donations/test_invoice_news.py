"""What an invoice says of itself between its making and its end is heard of when it is said, not at night."""

import datetime as dt

import pytest

from donations import reconcile
from donations.models import Invoice, Pledge
from tests.donations.stripe_path import Path, figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


def test_a_renewal_that_a_bank_is_at_is_no_difference_from_stripe(path):
    intent = path.ask()
    path.stand_in.do(f"checkout/{intent.session_id}/complete", email="reader@example.org", name="Reader", debit=True)
    path.settle()
    path.go_on(days=4)
    path.settle()
    path.go_to(dt.datetime(2027, 5, 15, 14, tzinfo=dt.UTC))
    path.settle()
    assert Pledge.objects.get().status == "active"
    assert Invoice.objects.latest("period_start").is_processing
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    assert [str(each) for each in reconcile.run().found] == []
