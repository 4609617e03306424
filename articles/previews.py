"""
Drafts as readers would see them, and links that let somebody without a login do so: signed, expiring, revocable. The
row says for whom and until when; the address is made from it and never stored.

A link is to what is not out yet. While the article is live, every link shows what readers see and no draft of an
update; when it is withdrawn, all links end, and whoever shall read on needs a new one.
"""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from articles.models import Article, PreviewLink
from articles.reading import article_context
from foundation import clock, links

PURPOSE = "article preview"
LONGEST = dt.timedelta(days=30)


class NoSuchPreview(Exception):
    """The token is not one of ours, or its row is gone."""


class PreviewOver(Exception):
    """The link was good once: it expired or was taken back."""


def create(article: Article, *, by, lasts: dt.timedelta, label: str = "") -> PreviewLink:
    moment = clock.now()
    # The signature counts whole seconds; so does the row, lest the two disagree for the last part of one.
    expires_at = (moment + min(lasts, LONGEST)).replace(microsecond=0)
    return PreviewLink.objects.create(
        article=article, label=label, created_by=by, created_at=moment, expires_at=expires_at
    )


def address(link: PreviewLink) -> str:
    """The absolute address to hand out."""
    token = links.sign(PURPOSE, str(link.pk), expires_at=link.expires_at)
    return settings.SITE_URL + reverse("preview", args=[token])


def revoke(link: PreviewLink) -> None:
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=clock.now())


def revoke_all(article: Article) -> None:
    """Ends every link to an article: what was withdrawn is not to be read by another door."""
    article.preview_links.filter(revoked_at=None).update(revoked_at=clock.now())


def is_open(link: PreviewLink) -> bool:
    return link.revoked_at is None and link.expires_at > clock.now()


def find(token: str) -> PreviewLink:
    """The link behind a token, with its article. Raises NoSuchPreview or PreviewOver."""
    try:
        pk = links.read(PURPOSE, token)
    except links.LinkForged as refusal:
        raise NoSuchPreview from refusal
    except links.LinkExpired as refusal:
        raise PreviewOver from refusal
    link = PreviewLink.objects.select_related("article").filter(pk=pk).first()
    if link is None:
        raise NoSuchPreview
    if not is_open(link):
        raise PreviewOver
    return link


def page_for_outsider(request: HttpRequest, link: PreviewLink) -> HttpResponse:
    return page(request, link.article, with_drafts=not link.article.is_live)


def page(request: HttpRequest, article: Article, *, with_drafts: bool = True) -> HttpResponse:
    """The page of an article in any state, with the public template, under the public policy even at the desk."""
    row = Article.objects.for_page().get(pk=article.pk)
    response = closed(render(request, "articles/preview.html", article_context(row, with_drafts=with_drafts)))
    response._csp_config = settings.SECURE_CSP
    return response


def closed(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no index, no store, and no site that the page links to may learn it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
