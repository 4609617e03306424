"""What is not out yet has no name for those who neither write nor publish it, wherever the desk speaks of articles."""

import pytest
from django.urls import reverse

from articles import images, presence
from articles.models import Article, Revision
from foundation import clock
from tests import factories
from tests.articles.admin import forms
from tests.articles.images import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return images.store(files.encoded(files.picture()), title="A picture")


@pytest.fixture
def articles(writer, image):
    """One article of each kind, as the writer sees them."""
    shown = {"lead_image": image}
    factories.draft(headline="Foreign draft", **shown)
    factories.published(headline="Foreign and public", **shown)
    factories.draft(headline="Own draft", created_by=writer, **shown)
    earlier = factories.draft(headline="Foreign with an earlier version")
    Revision.objects.create(
        article=earlier,
        number=1,
        created_at=clock.now(),
        is_meaningful=False,
        was_published=False,
        body=f'<img src="{images.address(image)}">',
    )
    return Article.objects.all()


def test_a_picture_names_no_foreign_draft_to_a_writer(at_desk, writer, ann, image, articles):
    path = reverse("admin:articles_image_change", args=[image.pk])
    shown = forms.text_of(at_desk(writer).get(path))
    assert "Own draft" in shown
    assert "Foreign and public" in shown
    assert "Foreign draft" not in shown
    assert "Foreign with an earlier version" not in shown
    assert "In an article of somebody else that is not published" in shown
    assert "Foreign draft" in forms.text_of(at_desk(ann).get(path))


def test_the_first_page_names_no_foreign_draft_that_is_open_somewhere(at_desk, writer, ann, articles):
    for article in articles:
        presence.note(article, ann)
    shown = forms.text_of(at_desk(writer).get("/admin/"))
    assert "At work now" in shown
    assert "Foreign and public" in shown
    assert "Foreign draft" not in shown
    assert "Foreign draft" in forms.text_of(at_desk(factories.member_of("Editor")).get("/admin/"))
