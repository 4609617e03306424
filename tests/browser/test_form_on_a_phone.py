"""The form of an article on a small screen, and to somebody who hears it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = {"runOnly": ["label", "aria-input-field-name", "empty-table-header"]}


@pytest.fixture
def form(desk):
    article = factories.published()
    factories.draft_addendum(article)
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(f"/admin/articles/article/{article.pk}/change/")
    desk.wait_for_selector(".prose-menubar__button")
    return desk


def test_every_button_of_the_toolbar_is_in_sight_on_a_phone(form):
    ends = form.locator(".editor-body .prose-menubar").first.evaluate(
        "bar => [...bar.querySelectorAll('.prose-menubar__button:not(.hidden)')]"
        ".map(button => button.getBoundingClientRect().right)"
    )
    assert len(ends) > 10
    assert max(ends) <= 390


def test_every_field_has_a_name(form):
    form.wait_for_selector(".select2-selection__rendered[aria-label]", state="attached")
    found = Axe().run(form, options=NAMES).response["violations"]
    assert [(finding["id"], [node["html"] for node in finding["nodes"]]) for finding in found] == []
