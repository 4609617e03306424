"""What is promised, as ratios within one run."""

from dataclasses import dataclass

from benchmarks.serving.measuring import Target


@dataclass(frozen=True)
class Outcome:
    what: str
    most: float
    measured: float
    unit: str = ""

    @property
    def is_kept(self) -> bool:
        return self.measured <= self.most

    def __str__(self):
        verdict = "kept" if self.is_kept else "missed"
        measured = f"{self.measured:.{_digits(self.most)}f}{self.unit}"
        return f"| {self.what} | {self.most:g}{self.unit} | {measured} | {verdict} |"


def _digits(most: float) -> int:
    return 2 if most >= 1 else 4


@dataclass(frozen=True)
class Goal:
    """At most `most` times of what `limit` costs in the same run."""

    what: str
    ours: str
    limit: str
    most: float


CPU = [
    Goal("cached article from the app server", "article, stored", "bare WSGI", 1.3),
    Goal("304 for an unchanged page", "article, 304", "bare WSGI", 1.0),
    Goal("cached article through nginx", "article through nginx", "nginx, file", 1.2),
    Goal("the same with gzip", "article through nginx, gzip", "article through nginx", 1.1),
    Goal("the same with brotli", "article through nginx, br", "article through nginx", 1.1),
    Goal("uncached article, 200 comments", "article, made anew", "stored fragments", 2),
    Goal("uncached home", "home, made anew", "stored fragments", 2),
    Goal("uncached feed", "feed, made anew", "stored fragments", 2),
]
NONE, MANY, MOST_PER_COMMENT = "article without comments, made anew", "article with 2,000, made anew", 0.01


def of_cpu(targets: dict[str, Target]) -> list[Outcome]:
    found = [
        Outcome(f"{goal.what}, of {goal.limit}", goal.most, targets[goal.ours].cpu / targets[goal.limit].cpu)
        for goal in CPU
    ]
    per_comment = (targets[MANY].cpu - targets[NONE].cpu) / 2000
    return [*found, Outcome("each of 2,000 comments on one page", MOST_PER_COMMENT, per_comment, " ms")]
