"""How much of a set of comments the layers hold, each writer new and at an address of their own."""

from collections import Counter
from dataclasses import dataclass, field

from comments import formatting, screening
from comments.models import Comment, Commenter
from tests.comments.spinning import Sample

AT_ONCE = 5  # rows are written in bunches, so that repeated words are seen


@dataclass
class Measured:
    sent: Counter = field(default_factory=Counter)
    held: Counter = field(default_factory=Counter)
    spam: Counter = field(default_factory=Counter)
    missed: list[Sample] = field(default_factory=list)
    reasons: list[tuple[Sample, list[screening.Finding]]] = field(default_factory=list)

    @property
    def share_held(self) -> float:
        return self.held.total() / self.sent.total()

    def table(self) -> str:
        rows = [f"| {kind} | {self.sent[kind]} | {self.held[kind]} | {self.spam[kind]} |" for kind in sorted(self.sent)]
        return "\n".join(rows)


def measure(samples: list[Sample], articles: list, *, first_number: int = 0) -> Measured:
    """
    What each layer finds in the words alone: nobody falls into the honeypot or is too quick, which most robots do and
    no person. Held is whatever any layer found.
    """
    told = Measured()
    for start in range(0, len(samples), AT_ONCE):
        bunch = samples[start : start + AT_ONCE]
        writers = Commenter.objects.bulk_create(
            Commenter(email=s.email, folded_email=s.email, address_digest=s.email, name=s.name[:60]) for s in bunch
        )
        rows = []
        for number, (sample, writer) in enumerate(zip(bunch, writers, strict=True), first_number + start):
            article = articles[number % len(articles)]
            found = screening.examine(_candidate(sample, article, writer, number))
            _note(told, sample, found)
            status = "spam" if any(f.is_spam for f in found) else "pending" if found else "public"
            print_of_it = formatting.fingerprint(sample.source)
            rows.append(
                Comment(article=article, commenter=writer, name=sample.name[:60], source=sample.source,
                        fingerprint=print_of_it, status=status)
            )  # fmt: skip
        Comment.objects.bulk_create(rows)
    return told


def _candidate(sample: Sample, article, writer, number: int) -> screening.Candidate:
    return screening.Candidate(
        article=article,
        source=sample.source,
        name=sample.name[:60],
        email=sample.email,
        address=f"{11 + number // 65536}.{number // 256 % 256}.{number % 256}.7",
        form_age_seconds=90,
        commenter=writer,
    )


def _note(told: Measured, sample: Sample, found: list) -> None:
    told.sent[sample.kind] += 1
    if found:
        told.held[sample.kind] += 1
        told.spam[sample.kind] += any(finding.is_spam for finding in found)
        told.reasons.append((sample, found))
    else:
        told.missed.append(sample)
