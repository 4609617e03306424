"""
How many comments readers can read, per article. A comment below a removed one is read and counts; the place that a
removed one leaves does not. Kept true by `comments.moderation` in the transaction that changes a comment.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from comments import cache_tags
from comments.models import Comment, Discussion
from foundation import clock


def ensure(article_ids: Iterable[int]) -> None:
    """The rows that counts stand in. Two who make one at once both find it."""
    Discussion.objects.bulk_create([Discussion(article_id=pk) for pk in article_ids], ignore_conflicts=True)


def on_cards() -> Coalesce:
    """The expression over an article that a list brings along for its cards."""
    return Coalesce(F("discussion__public_count"), 0)


def note_change(discussion: Discussion) -> None:
    """Something that readers see has changed. The caller holds the lock of this row."""
    discussion.public_count = Comment.objects.counted().filter(article_id=discussion.pk).count()
    discussion.changed_at = clock.now()
    discussion.save(update_fields=["public_count", "changed_at"])
    cache_tags.purge_discussion(discussion.pk)


def wrong() -> QuerySet[Discussion]:
    """Those whose stored count is not what a recount finds, with `true_count`."""
    rows = Comment.objects.counted().filter(article_id=OuterRef("pk")).order_by().values("article_id")
    counted = Subquery(rows.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return Discussion.objects.annotate(true_count=Coalesce(counted, 0)).exclude(public_count=F("true_count"))


def recount() -> int:
    """Counts everything anew. Returns how many articles had a wrong number. Safe to repeat and to interrupt."""
    known = Discussion.objects.values("pk")
    ensure(Comment.objects.exclude(article_id__in=known).order_by().values_list("article_id", flat=True).distinct())
    corrected = 0
    for pk in list(wrong().values_list("pk", flat=True)):
        with transaction.atomic():
            discussion = Discussion.objects.select_for_update(no_key=True).get(pk=pk)
            before = discussion.public_count
            note_change(discussion)
            corrected += discussion.public_count != before
    return corrected


def recount_recommendations() -> int:
    """Sets `recommends` and `open_reports` to what their rows say. Returns how many comments were wrong."""
    corrected = 0
    rows = Comment.objects.annotate(
        true_recommends=Count("recommendations", distinct=True),
        true_reports=Count("reports", filter=Q(reports__settled_at=None), distinct=True),
    )
    wrong_rows = rows.exclude(recommends=F("true_recommends"), open_reports=F("true_reports"))
    for pk in list(wrong_rows.order_by().values_list("pk", flat=True)):
        with transaction.atomic():
            comment = Comment.objects.select_for_update(no_key=True).get(pk=pk)
            comment.recommends = comment.recommendations.count()
            comment.open_reports = comment.reports.filter(settled_at=None).count()
            comment.save(update_fields=["recommends", "open_reports"])
            corrected += 1
    return corrected
