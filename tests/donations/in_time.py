"""How long somebody who looks at a page waits for Stripe at the most."""

import time

LONGEST_SECONDS = 8


def answered_in_time(ask):
    """Not this machine is measured: where others are busy on it, one of three answers has to come in time."""
    for _ in range(3):
        began = time.monotonic()
        answer = ask()
        took = time.monotonic() - began
        if took < LONGEST_SECONDS:
            return answer
    raise AssertionError(f"It took {took:.1f} seconds.")
