"""
The HTML of threads. Whole ones are made when something in them changes (`comments.stored`) and only joined here; other
orders and parts of long threads are joined from stored strings, with no template per comment. Nothing here differs from
reader to reader.
"""

import datetime as dt
import re
from html import escape
from uuid import UUID

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.timezone import get_default_timezone

from articles import dates
from articles.models import Addendum
from comments.places import anchor_of
from comments.reading import DiscussionPage, Row
from comments.threads import Node

BADGES = {
    "": "",
    "author": ' <span class="comment__badge comment__badge--author">Author</span>',
    "staff": ' <span class="comment__badge comment__badge--staff">Staff</span>',
}
BACKER = ' <span class="comment__badge">Backer</span>'
# Where comments are closed there is nothing to answer with. A name is escaped, so it holds no sign that ends this.
REPLY = re.compile(r'<a class="comment__act" href="[^"]*" rel="nofollow" data-opens>Reply<[^<]*<[^<]*</a>')


def threads(page: DiscussionPage, *, is_articles_own: bool) -> list[str]:
    """
    The list of threads, not joined yet, or nothing. `is_articles_own`: it stands below the text that addenda are part
    of.
    """
    if not page.entries:
        return []
    address = "" if is_articles_own else page.article.get_absolute_url()
    writer = _Writer(page.article.uid)
    pieces = ['<ol class="thread">']
    for entry in page.entries:
        if entry.stored is not None:
            pieces.append(entry.stored.html)
        else:
            pieces.append(_added(entry.addendum, address) if entry.node is None else writer.html(entry.node))
    pieces.append("</ol>")
    return pieces if page.rules.is_open else [REPLY.sub("", piece) for piece in pieces]


def thread_html(top: Node, article_uid: UUID) -> str:
    """One thread, or one comment of a flat order, as an item of the list."""
    return _Writer(article_uid).html(top)


class _Writer:
    """What is the same for every comment of an article, and the pieces so far."""

    def __init__(self, article_uid: UUID):
        self.base = reverse("comments_root")
        self.write = reverse("comment_write", args=[article_uid])
        self.pieces: list[str] = []

    def html(self, top: Node) -> str:
        self.pieces = []
        self.thread(top)
        return "".join(self.pieces)

    def thread(self, top: Node) -> None:
        """Opens and closes by hand, for a thread may be deeper than calls may be."""
        add = self.pieces.append
        add(self.comment(top, None))
        waiting = [(top.comment.pk, iter(top.replies))] if top.replies else []
        add('<ol class="replies">' if top.replies else "</li>")
        while waiting:
            above, replies = waiting[-1]
            node = next(replies, None)
            if node is None:
                waiting.pop()
                add("</ol></li>")
                continue
            add(self.comment(node, above))
            if node.replies:
                waiting.append((node.comment.pk, iter(node.replies)))
                add('<ol class="replies">')
            else:
                add("</li>")

    def comment(self, node: Node, above: int | None) -> str:
        """Left open: what answers it stands within."""
        row: Row = node.comment
        uid = str(row.uid)
        anchor = anchor_of(uid)
        if node.is_stub:
            return f'<li class="comment comment--stub" id="{anchor}"><p class="comment__gone">{row.stub_words}.</p>'
        name, own = escape(row.name), f"{self.base}{uid}/"
        edited = f' <span class="comment__edited">edited {time_html(row.edited_at)}</span>' if row.edited_at else ""
        return (
            f'<li class="comment" id="{anchor}"><div class="comment__body"><div class="comment__head">'
            f'<h3 class="comment__name" dir="auto">{name}</h3>{BADGES[row.badge]}{BACKER if row.is_backer else ""} '
            f'<a class="comment__time" href="{own}">{time_html(row.posted_at)}</a>{edited}</div>'
            f"{'' if row.parent_id == above else self.answered(node)}"
            f'<div class="comment__text" dir="auto">{row.body_html}</div><p class="comment__acts">'
            f'<a class="comment__act" href="{self.write}?parent={uid}" rel="nofollow" data-opens>'
            f'Reply<span class="quiet"> to {name}</span></a>'
            f'<a class="comment__act" href="{own}recommend/" rel="nofollow" data-recommends>Recommend '
            f'<span class="comment__count">{row.recommends_shown or ""}</span></a>'
            f'<a class="comment__act" href="{own}report/" rel="nofollow" data-opens>Report</a></p></div>'
        )

    def answered(self, node: Node) -> str:
        """Whom a comment answers, where the layout does not show it."""
        parent = node.replying_to
        to = escape(parent.name) if parent.is_public else "a comment that was removed"
        if node.has_parent_here:
            to = f'<a href="#{anchor_of(parent.uid)}" dir="auto">{to}</a>'
        elif parent.is_public:
            to = f'<a href="{self.base}{parent.uid}/" dir="auto">{to}</a>'
        return f'<p class="comment__to">replying to {to}</p>'


def _added(addendum: Addendum, article_address: str) -> str:
    """What was added to the article, at its time among what was said."""
    return (
        f'<li class="added"><p><span class="added__kind">{escape(addendum.get_kind_display())}</span> '
        f'<a href="{article_address}#{addendum.anchor}">added to the article</a> '
        f"{time_html(addendum.published_at)}</p></li>"
    )


def time_html(moment: dt.datetime) -> str:
    """As `articles.dates.day_and_time` tells it, without its cost."""
    local = moment.astimezone(get_default_timezone())
    return (
        f'<time datetime="{dates.for_machines(moment)}" data-relative>{local.day} {MONTHS[local.month]} {local.year}, '
        f"{local.hour:02}:{local.minute:02} {dates.zone_name(local)}</time>"
    )
