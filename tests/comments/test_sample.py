"""The sample comments load once, through the verbs, and leave every count true."""

import io

import pytest
from django.core.management import call_command

from articles.models import Article
from articles.sample import texts
from articles.sample.when import moment
from comments import counting
from comments.models import Act, Comment, Commenter, Discussion
from comments.sample import talk
from foundation import clock
from tests import factories

pytestmark = pytest.mark.django_db


def load() -> str:
    told = io.StringIO()
    call_command("load_sample_comments", stdout=told)
    return told.getvalue()


@pytest.fixture
def paper():
    """The sample articles by their names, without their pictures; and the people of the paper."""
    people, now = {}, clock.now()
    for sample in texts.articles():
        if not sample.published or sample.withdrawn:
            continue
        for slug in sample.authors:
            if slug not in people:
                people[slug] = factories.author(name=slug.replace("-", " ").title(), slug=slug)
        authors = [people[slug] for slug in sample.authors]
        factories.published(slug=sample.slug, authors=authors, at=moment(sample.published, now))


def test_every_file_is_of_a_sample_article():
    slugs = {sample.slug for sample in texts.articles()}
    assert {said.slug for said in talk.everything()} <= slugs


def test_a_few_hundred_comments_are_loaded_once_and_show_everything(paper):
    assert "comments by" in load()
    count = Comment.objects.count()
    assert count > 250
    assert "nothing was changed" in load()
    assert Comment.objects.count() == count

    statuses = set(Comment.objects.values_list("status", flat=True))
    assert statuses == {"public", "pending", "spam", "withdrawn", "hidden"}
    assert max(Comment.objects.values_list("depth", flat=True)) >= 7
    assert Comment.objects.filter(badge="author").exists()
    assert Comment.objects.filter(edited_at__isnull=False, revisions__isnull=False).exists()
    assert Comment.objects.filter(open_reports=1).count() == 2
    assert not Comment.objects.filter(status="spam", suspicions__isnull=True).exists()
    assert Commenter.objects.filter(always_waits=True).count() == 1
    ended = Commenter.objects.get(banned_at__isnull=False)
    assert not ended.is_banned
    assert ended.acts.filter(verb=Act.Verb.BAN).exists()

    assert not Commenter.objects.filter(comments__status="spam", confirmed_at__isnull=False).exists()

    for comment in Comment.objects.select_related("parent", "article"):
        assert comment.posted_at >= comment.article.published_at
        assert comment.parent is None or comment.posted_at >= comment.parent.posted_at
    before = dict(Discussion.objects.values_list("pk", "public_count"))
    counting.recount()
    assert dict(Discussion.objects.values_list("pk", "public_count")) == before
    assert sum(before.values()) > 240


def test_a_site_without_the_sample_articles_is_left_alone(db):
    factories.published()
    assert "nothing was changed" in load()
    assert not Comment.objects.exists()
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("head", "trouble"),
    [
        ("@ Somebody | soon | 1", "no span of time"),
        ("@@ Somebody | 1h | 1", "answers nobody"),
        ("@ Somebody | 1h | 1 | shouting", "nobody knows the mark"),
        ("@ Somebody | 1h | few", "few"),
        ("Somebody says", "before the first head"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(tmp_path, monkeypatch, head, trouble):
    (tmp_path / "some-article.txt").write_text(f"# A remark\n{head}\nWords.\n")
    monkeypatch.setattr(talk, "FOLDER", tmp_path)
    with pytest.raises(talk.BadSampleFile, match=f"some-article.txt, line 2: .*{trouble}"):
        talk.everything()
