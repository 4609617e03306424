"""
What waits for a moderator, read so that a page of it costs the same number of queries however long the queue is: pages
begin after a comment, not at a number. Decides nothing.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.safestring import SafeString, mark_safe

from comments import judging
from comments.models import Act, Comment, Commenter, Report
from foundation import clock

PAGE = 20
NETWORK_WITHIN = dt.timedelta(days=30)
# A link whose words are its address already needs not be told where it leads.
_BARE_LINK = re.compile(r'<a href="([^"<>]*)"(?=[^<>]*>\1</a>)')
# An article is named here, not read.
_UNREAD = [f"article__{name}" for name in ("body", "body_html", "lead_note", "lead_note_html", "standfirst")]
TABS = {"waiting": "Waiting", "reported": "Reported", "suspected": "Suspected"}


@dataclass(frozen=True)
class History:
    """What is known of a person when somebody judges what they write."""

    commenter: Commenter
    counts: Counter = field(default_factory=Counter)
    bans: int = 0

    @property
    def approved(self) -> int:
        return self.counts[Comment.Status.PUBLIC]

    @property
    def rejected(self) -> int:
        return self.counts[Comment.Status.REJECTED] + self.counts[Comment.Status.HIDDEN]

    @property
    def spam(self) -> int:
        return self.counts[Comment.Status.SPAM]

    @property
    def waiting(self) -> int:
        return self.counts[Comment.Status.PENDING]


@dataclass(frozen=True)
class Entry:
    comment: Comment
    history: History
    others_from_network: int  # people who are not this one, lately

    @property
    def words(self) -> SafeString:
        """As readers would see them: made by `comments.formatting`, which lets nothing else through."""
        return mark_safe(_BARE_LINK.sub(r'<a class="is-bare" href="\1"', self.comment.body_html))

    @property
    def seen(self) -> str:
        return judging.seen(self.comment)

    @property
    def offered(self) -> tuple[str, ...]:
        return judging.offered(self.comment)

    @property
    def parent_words(self) -> str:
        return " ".join(self.comment.parent.source.split()) if self.comment.parent else ""

    @property
    def reports(self) -> list[Report]:
        return self.comment.unsettled


@dataclass(frozen=True)
class Page:
    tab: str
    entries: list[Entry]
    next_after: str  # empty on the last page
    after: str


def rows(tab: str) -> QuerySet[Comment]:
    return getattr(Comment.objects, tab)()


def counts() -> dict[str, int]:
    return {tab: rows(tab).count() for tab in TABS}


def oldest() -> dt.datetime | None:
    return Comment.objects.awaiting_moderation().oldest_first().values_list("posted_at", flat=True).first()


def page(tab: str, after: str = "", *, size: int = PAGE) -> Page:
    found = _after(rows(tab), after).oldest_first()
    comments = list(with_context(found)[: size + 1])
    entries = described(comments[:size])
    return Page(tab, entries, mark(comments[size - 1]) if len(comments) > size else "", after)


def mark(comment: Comment) -> str:
    """Where in the queue it stands, for an address."""
    return f"{int(comment.posted_at.timestamp() * 1_000_000)}-{comment.pk}"


def next_in(tab: str, comment: Comment) -> int | None:
    """Which comes into the place of one that was decided."""
    return _after(rows(tab), mark(comment)).oldest_first().values_list("pk", flat=True).first()


def described(comments: list[Comment]) -> list[Entry]:
    """Each with what is known of its author. Three queries for all of them."""
    histories = histories_of([comment.commenter for comment in comments])
    networks = _people_by_network({comment.network_digest for comment in comments} - {""})
    return [
        Entry(
            comment,
            histories[comment.commenter_id],
            len(networks[comment.network_digest] - {comment.commenter_id}) if comment.network_digest else 0,
        )
        for comment in comments
    ]


def histories_of(commenters: list[Commenter]) -> dict[int, History]:
    people = {commenter.pk: commenter for commenter in commenters}
    counted: dict[int, Counter] = defaultdict(Counter)
    states = Comment.objects.filter(commenter__in=people).order_by().values_list("commenter_id", "status")
    for pk, status, number in states.annotate(number=Count("pk")):
        counted[pk][status] = number
    bans = Act.objects.filter(commenter__in=people, verb=Act.Verb.BAN, undone_at=None).order_by()
    banned = dict(bans.values_list("commenter_id").annotate(Count("pk")))
    return {pk: History(person, counted[pk], banned.get(pk, 0)) for pk, person in people.items()}


def with_context(found: QuerySet[Comment]) -> QuerySet[Comment]:
    """Everything that an entry shows beside its author's history."""
    unsettled = Prefetch("reports", Report.objects.filter(settled_at=None), to_attr="unsettled")
    related = ("article", "parent", "commenter", "decided_by")
    return found.select_related(*related).defer(*_UNREAD).prefetch_related("suspicions", unsettled)


def _people_by_network(digests: set[str]) -> dict[str, set[int]]:
    people: dict[str, set[int]] = defaultdict(set)
    now = clock.now()
    # Few comments still have a digest at all, and by its end there is an index.
    kept = Comment.objects.filter(network_digest__in=digests, network_kept_until__gt=now)
    lately = kept.filter(posted_at__gt=now - NETWORK_WITHIN)
    for digest, commenter in lately.order_by().values_list("network_digest", "commenter_id").distinct():
        people[digest].add(commenter)
    return people


def _after(found: QuerySet[Comment], after: str) -> QuerySet[Comment]:
    """A mark that is none is no mark: somebody's old address leads to the head of the queue."""
    moment, _, pk = after.partition("-")
    if not (moment.isdecimal() and pk.isdecimal() and moment.isascii() and pk.isascii() and len(after) < 40):
        return found
    try:
        at = dt.datetime.fromtimestamp(int(moment) // 1_000_000, dt.UTC).replace(microsecond=int(moment) % 1_000_000)
    except (ValueError, OverflowError, OSError):
        return found
    return found.filter(posted_at__gte=at).filter(Q(posted_at__gt=at) | Q(pk__gt=min(int(pk), 2**63 - 1)))
