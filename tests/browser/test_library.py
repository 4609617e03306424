"""The media library as hands use it: a click sets the focal point, an upload goes straight into the text."""

import pytest
from playwright.sync_api import expect

from articles import images
from articles.models import Image
from tests.articles.images import files
from tests.browser.article_form import ArticleForm

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_a_click_on_the_picture_sets_the_focal_point(desk):
    image = images.store(files.encoded(files.picture((600, 400))), title="Harbour")
    desk.goto(f"/admin/articles/image/{image.pk}/change/")
    picture = desk.locator("[data-focal-picture]")
    bounds = picture.bounding_box()
    picture.click(position={"x": bounds["width"] * 0.25, "y": bounds["height"] * 0.7})
    expect(desk.locator("#id_focal_x")).to_have_value("25")
    expect(desk.locator("#id_focal_y")).to_have_value("70")
    expect(desk.locator("[data-focal-crop]").first).to_have_css("object-position", "25% 70%")
    desk.locator("#id_focal_x").fill("80")
    expect(desk.locator("[data-focal-crop]").first).to_have_css("object-position", "80% 70%")
    desk.click("[name=_save]")
    desk.wait_for_url("**/admin/articles/image/")
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (80, 70)


def test_a_picture_uploaded_in_the_pop_up_goes_straight_into_the_text(desk, tmp_path):
    upload = tmp_path / "harbour.jpg"
    upload.write_bytes(files.encoded(files.picture((300, 200))))
    form = ArticleForm(desk)
    form.open_new()
    form.type("body", "One.")
    desk.get_by_role("button", name="Picture: insert").first.click()
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Choose or upload…").click()
    pop_up = opened.value
    pop_up.set_input_files("#id_picture", upload)
    pop_up.fill("#id_alt", "A harbour")
    with pop_up.expect_event("close"):
        pop_up.get_by_role("button", name="Upload and use").click()
    expect(desk.locator("dialog [name=altText]")).to_have_value("A harbour")
    desk.get_by_role("button", name="Insert", exact=True).click()
    placed = form.editor("body").locator("figure img")
    expect(placed).to_have_attribute("src", images.address(Image.objects.get()))
    expect(placed).to_have_attribute("alt", "A harbour")


def test_a_pop_up_whose_editor_is_gone_says_so(desk):
    images.store(files.encoded(files.picture((600, 400))), title="Harbour")
    desk.goto("/admin/articles/image/picker/?CKEditorFuncNum=-1")
    lost = desk.get_by_text("is no longer open")
    expect(lost).to_be_hidden()
    desk.locator("[data-picker-choice]").click()
    expect(lost).to_be_visible()
