"""What the form of an article does with words that are typed and not saved, when another button is pressed."""

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(desk):
    article = factories.draft(standfirst="As it was stored")
    desk.goto(f"/admin/articles/article/{article.pk}/change/")
    desk.wait_for_selector(".prose-menubar__button")
    return desk


def test_making_and_revoking_a_preview_link_leaves_what_was_typed_in_its_field(form):
    form.fill("[name=standfirst]", "Typed and not saved")
    links = form.locator("#preview-links")
    links.locator("[name=label]").fill("The lawyer")
    links.get_by_role("button", name="Make a link").click()

    expect(links.locator(".preview-links__address")).to_be_in_viewport()
    expect(links).to_contain_text("The lawyer")
    expect(form.locator("[name=standfirst]")).to_have_value("Typed and not saved")

    links.get_by_role("button", name="Revoke").click()
    expect(links).to_contain_text("taken back")
    expect(form.locator("[name=standfirst]")).to_have_value("Typed and not saved")
