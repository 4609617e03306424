"""How much is tried: enough to notice a mistake whenever the tests are run, and more of it by `make proof`."""

import os

_EXAMPLES = int(os.environ.get("PROOF_EXAMPLES", "0"))
IS_LONG = _EXAMPLES > 0


def examples(usually: int) -> int:
    """For Hypothesis' `max_examples`, where each of them costs queries by the dozen."""
    return max(_EXAMPLES, usually)
