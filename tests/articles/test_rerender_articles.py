import pytest
from django.core.management import call_command

from articles import editing
from articles.embeds import snapshot
from articles.management.commands import rerender_articles
from articles.models import Addendum, Article, Embed, Page
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


def edited_while_the_first_is_made(monkeypatch, module, name: str, edit):
    """`edit` happens when the command has begun with the first row."""
    render, pending = getattr(module, name), [edit]

    def first_edit(row):
        if pending:
            pending.pop()()
        render(row)

    monkeypatch.setattr(module, name, first_edit)


def test_an_article_that_is_edited_meanwhile_keeps_what_the_edit_wrote(monkeypatch):
    factories.published()
    later = factories.published(body="<p>Before</p>")

    def edit():
        row = Article.objects.get(pk=later.pk)
        row.body = "<p>After</p>"
        editing.save(row, by=None)

    edited_while_the_first_is_made(monkeypatch, rerender_articles, "render_article", edit)
    call_command("rerender_articles")
    later.refresh_from_db()
    assert later.body_html == "<p>After</p>"


def test_a_post_that_is_removed_meanwhile_does_not_come_back(monkeypatch):
    facts = {"provider": Embed.Provider.TWEET, "state": Embed.State.CAPTURED, "text": "The words"}
    _first, later = [
        Embed.objects.create(external_id=str(number), url=f"https://x.com/a/status/{number}", **facts)
        for number in (1, 2)
    ]

    def remove():
        row = Embed.objects.get(pk=later.pk)
        snapshot.decide(row, choice=Embed.Choice.REMOVED, reason="Asked to.", by=None)

    edited_while_the_first_is_made(monkeypatch, snapshot, "write_html", remove)
    call_command("rerender_articles")
    later.refresh_from_db()
    assert "The words" not in later.html
