"""Drafts with the true template: at the desk, and by links that are signed, expire and can be taken back."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from articles import previews, publishing
from articles.models import PreviewLink
from articles.rendering import render_article
from foundation import clock, links
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def draft(db):
    return factories.draft(headline="Not out yet", body="<p>Secret so far.</p>")


@pytest.fixture
def address(draft, ann):
    return previews.address(previews.create(draft, by=ann, lasts=DAY)).removeprefix("http://testserver")


def test_an_outsider_reads_the_draft_by_its_link(client, address):
    response = client.get(address)
    page = response.content.decode()
    assert "Secret so far." in page
    assert 'class="article__headline"' in page
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_a_link_opens_its_own_article_and_no_other(client, draft, address):
    factories.draft(headline="Another secret")
    assert "Another secret" not in client.get(address).content.decode()
    assert client.get(f"/{clock.now():%Y/%m}/not-out-yet/").status_code == 404


def test_an_expired_link_says_that_it_has_ended(client, address):
    assert client.get(address).status_code == 200
    with time_machine.travel(clock.now() + DAY):
        response = client.get(address)
    assert response.status_code == 410
    assert "This preview has ended" in response.content.decode()
    assert "Secret so far." not in response.content.decode()


def test_a_link_that_was_taken_back_opens_nothing(client, at_desk, ann, draft, address):
    link = PreviewLink.objects.get()
    desk = at_desk(ann)
    desk.post(f"/admin/articles/article/{draft.pk}/preview-links/{link.pk}/revoke/")
    response = client.get(address)
    assert response.status_code == 410
    assert "Secret so far." not in response.content.decode()
    assert "taken back on" in forms.text_of(desk.get(forms.change(draft)))


def test_a_forged_link_is_not_found(client, draft, address):
    link = PreviewLink.objects.get()
    for_something_else = links.sign("another purpose", str(link.pk), expires_at=link.expires_at)
    unknown = links.sign(previews.PURPOSE, "999999", expires_at=link.expires_at)
    token = address.split("/")[2]
    altered = token[:-1] + ("B" if token.endswith("A") else "A")
    for token in (for_something_else, unknown, "nonsense", altered):
        assert client.get(reverse("preview", args=[token])).status_code == 404
    good = links.sign(previews.PURPOSE, str(link.pk), expires_at=link.expires_at)
    assert client.get(reverse("preview", args=[good])).status_code == 200


def test_links_are_made_and_listed_on_the_form(at_desk, ann, draft, client):
    desk = at_desk(ann)
    desk.post(f"/admin/articles/article/{draft.pk}/preview-links/", {"label": "The lawyer", "days": "3"})
    link = PreviewLink.objects.get()
    page = desk.get(forms.change(draft)).content.decode()
    assert "The lawyer" in page
    assert previews.address(link) in page
    assert link.created_by == ann
    assert link.expires_at - link.created_at <= 3 * DAY


def test_a_link_is_neither_made_nor_revoked_by_a_visit(at_desk, ann, draft, address):
    desk, link = at_desk(ann), PreviewLink.objects.get()
    assert desk.get(f"/admin/articles/article/{draft.pk}/preview-links/").status_code == 405
    assert desk.get(f"/admin/articles/article/{draft.pk}/preview-links/{link.pk}/revoke/").status_code == 405
    assert PreviewLink.objects.get().revoked_at is None


def test_a_link_of_one_article_is_not_revoked_from_another(at_desk, ann, address):
    link, other = PreviewLink.objects.get(), factories.draft()
    path = f"/admin/articles/article/{other.pk}/preview-links/{link.pk}/revoke/"
    assert at_desk(ann).post(path).status_code == 404


def test_nobody_outside_sees_the_preview_of_the_desk(client, at_desk, ann, draft):
    path = f"/admin/articles/article/{draft.pk}/preview/"
    assert client.get(path).status_code == 302
    response = at_desk(ann).get(path)
    assert "Secret so far." in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "nonce" not in response["Content-Security-Policy"]


def test_a_preview_shows_updates_that_are_not_published(at_desk, ann):
    article = factories.published()
    factories.draft_addendum(article, body="<p>Coming soon.</p>")
    render_article(article)
    page = at_desk(ann).get(f"/admin/articles/article/{article.pk}/preview/").content.decode()
    assert "Coming soon." in page
    assert "Coming soon." not in at_desk(ann).get(article.get_absolute_url()).content.decode()


def test_previews_stand_in_no_feed_and_no_sitemap(client, address):
    for name in ("feed", "atom", "sitemap", "news_sitemap"):
        page = client.get(reverse(name)).content.decode()
        assert "preview" not in page
        assert "Secret so far." not in page


def test_a_withdrawn_article_is_read_by_no_link_made_before(client, ann):
    article = factories.published(body="<p>Taken back.</p>")
    address = previews.address(previews.create(article, by=ann, lasts=DAY)).removeprefix("http://testserver")
    assert client.get(address).status_code == 200
    other = factories.published()
    kept = previews.create(other, by=ann, lasts=DAY)
    publishing.withdraw(article, by=ann)
    response = client.get(address)
    assert response.status_code == 410
    assert "Taken back." not in response.content.decode()
    kept.refresh_from_db()
    assert previews.is_open(kept)


def test_a_link_made_after_the_withdrawal_shows_the_text(client, ann):
    article = factories.withdrawn(body="<p>Taken back.</p>")
    address = previews.address(previews.create(article, by=ann, lasts=DAY)).removeprefix("http://testserver")
    assert "Taken back." in client.get(address).content.decode()


def test_a_link_shows_the_updates_of_a_draft_until_it_is_live(client, ann, draft, address):
    factories.draft_addendum(draft, body="<p>Not for readers yet.</p>")
    render_article(draft)
    assert "Not for readers yet." in client.get(address).content.decode()
    publishing.publish(draft, by=ann)
    page = client.get(address).content.decode()
    assert "Secret so far." in page
    assert "Not for readers yet." not in page


def test_an_author_makes_and_revokes_no_links(at_desk, writer, ann):
    article = factories.draft(created_by=writer)
    link = previews.create(article, by=ann, lasts=DAY)
    desk = at_desk(writer)
    path = f"/admin/articles/article/{article.pk}/preview-links/"
    assert desk.post(path, {"label": "", "days": "1"}).status_code == 403
    assert desk.post(f"{path}{link.pk}/revoke/").status_code == 403
    assert PreviewLink.objects.get().revoked_at is None
    page = desk.get(forms.change(article)).content.decode()
    assert previews.address(link) not in page
    assert "Make a link" not in page


def test_nobody_is_named_before_somebody_signs(client, draft, address):
    assert "byline__names" in client.get(address).content.decode()
    draft.bylines.all().delete()
    assert "byline__names" not in client.get(address).content.decode()
