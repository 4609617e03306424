"""What this process has done since it started. Kept without a lock: one lost in a million does not matter."""


class Counters:
    def __init__(self):
        self.hits = 0  # answered from the store
        self.misses = 0  # asked Django
        self.stale = 0  # an old page while it was made anew, or while the database was away
        self.not_modified = 0  # of the hits, those that were a 304
        self.stored = 0
        self.pieces = 0  # joined as they stood
        self.pieces_made = 0
        self.purges = 0
        self.store_errors = 0

    def as_dict(self) -> dict[str, int]:
        return dict(vars(self))


counters = Counters()
