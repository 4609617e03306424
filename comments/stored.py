"""
Whole threads as finished HTML, made when something in them changes and only joined when they are read, so that a long
discussion costs its readers what its letters cost. The verbs rewrite them in the transaction that changes a comment,
under the lock of the discussion. A page that finds a thread missing, or written by another renderer, is made from the
comments instead: what is stored here is never needed, only quick.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from articles.models import Article
from comments import markup, reading, specimen, threads
from comments.models import Comment, Discussion, Thread


def rewrite(article_id: int, roots: Iterable[int]) -> None:
    """The threads that these comments begin, as they are now. The caller holds the lock of the discussion."""
    wanted = set(roots)
    forest = {tree.comment.pk: tree for tree in threads.build(reading.rows_of_threads(wanted))}
    uid = Article.objects.values_list("uid", flat=True).get(pk=article_id) if forest else None
    made = [_thread(article_id, tree, uid) for tree in forest.values()]
    Thread.objects.filter(pk__in=wanted - forest.keys()).delete()
    Thread.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["root"],
        update_fields=["article", "begun_at", "public_count", "html", "made_by"],
        batch_size=100,
    )


def rewrite_discussion(article_id: int) -> None:
    """All threads of an article. The caller holds the lock of the discussion."""
    roots = set(Comment.objects.counted().filter(article_id=article_id).values_list("root_id", flat=True))
    Thread.objects.filter(article_id=article_id).exclude(pk__in=roots).delete()
    rewrite(article_id, roots)


def behind() -> QuerySet[Discussion]:
    """Discussions of which not every public comment stands in a stored thread of this renderer."""
    stored = Thread.objects.filter(article_id=OuterRef("pk")).order_by().values("article_id")
    of_ours = stored.filter(made_by=specimen.mark()).annotate(number=Sum("public_count")).values("number")
    standing = Coalesce(Subquery(of_ours, output_field=IntegerField()), 0)
    others = Exists(Thread.objects.filter(article_id=OuterRef("pk")).exclude(made_by=specimen.mark()))
    return Discussion.objects.annotate(standing=standing).filter(~Q(standing=F("public_count")) | others)


def catch_up() -> int:
    """Writes what is behind: after a change of the renderer, an import or a restore. Returns how many discussions."""
    return _write(behind())


def write_all() -> int:
    """Writes every thread anew, for when comments were changed past the verbs. Returns how many discussions."""
    return _write(Discussion.objects.all())


@transaction.atomic
def _write_one(pk: int) -> None:
    Discussion.objects.select_for_update(no_key=True).get(pk=pk)
    rewrite_discussion(pk)


def _write(discussions: QuerySet[Discussion]) -> int:
    keys = list(discussions.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        _write_one(pk)
    return len(keys)


def _thread(article_id: int, tree: threads.Node, uid: UUID) -> Thread:
    return Thread(
        root_id=tree.comment.pk,
        article_id=article_id,
        begun_at=tree.comment.posted_at,
        public_count=sum(not node.is_stub for node in threads.walk([tree])),
        html=markup.thread_html(tree, uid),
        made_by=specimen.mark(),
    )
