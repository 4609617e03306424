"""What of publishing waits for an editor, on the first page of the desk."""

import datetime as dt

from articles import autosave, presence
from articles.admin.article_list import address_for_update
from articles.models import Article, Embed
from foundation import clock, timers
from foundation.desk import Panel, register

SHOWN = 8
# The worker looks for work every second; what waits this long is not being worked on.
WORKER_IS_MISSING_AFTER = dt.timedelta(minutes=5)


def own(request):
    """All articles for those who publish, their own for those who only write."""
    rows = Article.objects.select_related("section", "edited_by")
    return rows if request.user.has_perm("articles.publish_article") else rows.written_by(request.user)


def work_at_hand(request) -> dict:
    return {
        "scheduled": own(request).scheduled().order_by("published_at")[:SHOWN],
        "drafts": own(request).drafts().order_by("-saved_at")[:SHOWN],
    }


def recently_published(request) -> dict | None:
    rows = own(request).published().order_by("-saved_at")[:SHOWN]
    may_update = request.user.has_perm("articles.publish_article")
    entries = [(article, address_for_update(article) if may_update else "") for article in rows]
    return {"entries": entries} if entries else None


def others_at_work(request) -> dict | None:
    known = Article.objects.known_to(request.user).values("pk")
    rows = presence.current().filter(article__in=known).exclude(user=request.user).order_by("-seen_at")[:SHOWN]
    return {"rows": rows} if rows else None


def unsaved(request) -> dict | None:
    rows = autosave.unsaved_of(request.user)[:SHOWN]
    return {"rows": rows} if rows else None


def dead_embeds(request) -> dict | None:
    waiting = Embed.objects.filter(choice=Embed.Choice.KEEP, decisions=None)
    gone = waiting.unavailable().order_by("-unavailable_since")[:SHOWN]
    failed = Embed.objects.filter(state=Embed.State.FAILED).order_by("-created_at")[:SHOWN]
    return {"gone": gone, "failed": failed} if gone or failed else None


def background_work(request) -> dict | None:
    from django_tasks_db.models import DBTaskResult

    now = clock.real_now()  # by which the queue is kept
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - dt.timedelta(days=7))
    oldest = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    waits_since = oldest if oldest and oldest < now - WORKER_IS_MISSING_AFTER else None
    failing = timers.failing()
    if not (waits_since or failing or failed.exists()):
        return None
    return {"waits_since": waits_since, "failing": failing, "failed": failed.order_by("-finished_at")[:SHOWN]}


def register_panels() -> None:
    publishes, writes, decides = "articles.publish_article", "articles.add_article", "articles.change_embed"
    for order, (name, title, collect, permission, urgent) in enumerate(
        (
            ("background", "Background work", background_work, publishes, True),
            ("unsaved", "Typed and not saved", unsaved, "", True),
            ("work", "Drafts and scheduled", work_at_hand, writes, False),
            ("published", "Recently changed", recently_published, writes, False),
            ("others", "At work now", others_at_work, "articles.change_article", False),
            ("embeds", "Posts that need a decision", dead_embeds, decides, False),
        ),
        start=1,
    ):
        template = f"admin/desk/_{name}.html"
        register(Panel(name, title, template, collect, order=order * 10, permission=permission, urgent=urgent))
