"""The rule by which a page is old, against one that keeps every purge there ever was."""

from hypothesis import given
from hypothesis import strategies as st

from pagecache.stamps import NEVER, SECOND, Purge, Stamp, State, judge, purged

EVERY = 5
INSTANTS = st.integers(1, 20 * SECOND)
KINDS = st.sampled_from(["stale", "rhythm", "gone"])
purges = st.lists(st.tuples(INSTANTS, KINDS), max_size=8).map(lambda found: sorted(dict(found).items()))


def told(history) -> Stamp:
    stamp = Stamp()
    for at, kind in history:
        stamp = purged(stamp, Purge("a", is_gone=kind == "gone", every=EVERY if kind == "rhythm" else 0), at)
    return stamp


def expected(history, began: int, now: int) -> State:
    """Looks at each purge by itself."""
    state = State.FRESH
    for at, kind in history:
        if at > now or began > at:
            continue
        if kind == "gone":
            return State.GONE
        due = -(-at // (EVERY * SECOND)) * EVERY * SECOND if kind == "rhythm" else at
        if now >= due:
            state = State.STALE
    return state


@given(history=purges, began=INSTANTS, later=INSTANTS)
def test_four_numbers_say_what_the_whole_history_says(history, began, later):
    now = max(began, later)
    known = [(at, kind) for at, kind in history if at <= now]
    assert judge(began, [told(known)], now).state is expected(known, began, now)


@given(history=purges, began=INSTANTS, later=INSTANTS)
def test_a_page_stays_true_until_the_instant_that_is_told(history, began, later):
    now = max(began, later)
    known = [(at, kind) for at, kind in history if at <= now]
    stamps = [told(known)]
    verdict = judge(began, stamps, now)
    if verdict.state is State.FRESH and verdict.until != NEVER:
        assert now < verdict.until <= now + EVERY * SECOND
        assert judge(began, stamps, verdict.until - 1).state is State.FRESH
        assert judge(began, stamps, verdict.until).state is State.STALE
    else:
        assert judge(began, stamps, now + 60 * SECOND).state is verdict.state


def test_a_hot_page_becomes_old_once_in_five_seconds_however_often_its_figure_moves():
    stamp, began, made = Stamp(), 1, 0
    for step in range(1, 2000):  # a payment every 50 ms for 100 seconds
        now = step * SECOND // 20
        stamp = purged(stamp, Purge("banner", every=5), now)
        if judge(began, [stamp], now).state is not State.FRESH:
            began, made = now + 1, made + 1
    assert made == 19


def test_a_purge_of_one_tag_is_enough():
    stamps = [Stamp(), Stamp(settled=10), Stamp()]
    assert judge(10, stamps, 11).state is State.STALE
    assert judge(11, stamps, 11).state is State.FRESH
    assert judge(10, [*stamps, Stamp(gone=10)], 11).state is State.GONE
