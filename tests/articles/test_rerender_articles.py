import pytest
from django.core.management import call_command

from articles.models import Addendum, Article, Page
from tests import factories

pytestmark = pytest.mark.django_db


def test_stored_html_is_made_anew_and_no_date_moves(capsys):
    article = factories.published(body="<h2>Head</h2><p>Words</p>")
    addendum = factories.addendum(article, body="<p>More</p>")
    page = Page.objects.create(title="About", slug="about", body="<p>Us</p>")
    before = Article.objects.with_updated_at().get()
    for model in (Article, Addendum, Page):
        model.objects.update(body_html="stale")

    call_command("rerender_articles")

    after = Article.objects.with_updated_at().get()
    assert after.body_html == '<h2 id="s-head">Head</h2><p>Words</p>'
    addendum.refresh_from_db()
    page.refresh_from_db()
    assert (addendum.body_html, page.body_html) == ("<p>More</p>", "<p>Us</p>")
    assert (after.updated_at, after.saved_at) == (before.updated_at, before.saved_at)
    assert capsys.readouterr().out.split("\n")[:3] == ["0 snapshots", "1 articles", "1 pages"]
