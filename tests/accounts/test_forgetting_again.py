"""Accounts that their owners took away, taken away once more in a copy that had them still."""

import datetime as dt

import pytest

from accounts import forgetting_again, own_data
from accounts.models import User
from foundation import forgotten
from foundation.models import Forgotten

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def account(joined: dt.datetime) -> User:
    user = User.objects.create_user(ADA)
    User.objects.filter(pk=user.pk).update(date_joined=joined)
    return User.objects.get(pk=user.pk)


def noted() -> list[str]:
    return list(Forgotten.objects.filter(kind="account").values_list("key", flat=True))


def after(**more) -> dt.datetime:
    return NOON + dt.timedelta(**more)


@pytest.mark.parametrize(
    ("joined", "erased", "stays"),
    [
        (after(milliseconds=300), after(milliseconds=700), False),  # within one second
        (after(milliseconds=700), after(milliseconds=300), True),  # signed up anew within the same second
        (after(microseconds=1), NOON, True),
        (NOON, after(days=1), False),
    ],
)
def test_only_accounts_that_were_there_already_go_however_close_it_was(joined, erased, stays):
    own_data.erase(account(NOON), at=erased)
    account(joined)
    assert forgetting_again.again(noted()) == []
    assert User.objects.exists() is stays


def test_taking_away_again_is_no_later_day_on_which_somebody_asked(monkeypatch):
    """Else a copy from after they signed up anew would lose the new account."""
    own_data.erase(account(NOON), at=after(days=2))
    keys = noted()
    account(NOON)
    assert forgetting_again.again(keys) == []
    assert noted() == keys
    account(after(days=3))
    assert forgetting_again.again(noted()) == []
    assert User.objects.exists()


def test_older_lists_know_whole_seconds_and_mean_anywhen_within_them():
    key = f"{forgotten.digest(ADA)} {int(NOON.timestamp())}"
    account(after(milliseconds=900))
    assert forgetting_again.again([key]) == []
    assert not User.objects.exists()
    account(after(seconds=1))
    assert forgetting_again.again([key]) == []
    assert User.objects.exists()
