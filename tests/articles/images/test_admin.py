"""The media library at the desk, and the editor's ways to a picture."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles import images
from articles.models import Image
from tests import factories

from . import files

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/image/"
ADD = "/admin/articles/image/add/"
PICKER = "/admin/articles/image/picker/"
UPLOAD = "/admin/articles/image/upload/"


def upload(data=None, name="harbour_at-dusk.jpg"):
    return SimpleUploadedFile(name, files.encoded(files.picture()) if data is None else data)


def kept(**fields):
    return images.store(files.encoded(files.picture((200, 100))), **{"title": "Harbour", **fields})


def staff_client(*permissions) -> Client:
    user = User.objects.create_user(f"staff{User.objects.count()}@example.org", "a long password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


class TestLibrary:
    def test_a_picture_comes_in_through_the_form(self, editor_client, editor):
        answer = editor_client.post(ADD, {"picture": upload(), "alt": "A harbour", "caption": "Dusk", "credit": ""})
        assert answer.status_code == 302
        image = Image.objects.get()
        assert (image.title, image.alt, image.caption) == ("harbour at dusk", "A harbour", "Dusk")
        assert image.uploaded_by == editor

    def test_a_refused_file_is_explained_and_nothing_typed_is_lost(self, editor_client):
        answer = editor_client.post(ADD, {"picture": upload(files.SVG, "map.png"), "title": "Map", "alt": "The map"})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "This is an SVG drawing" in page
        assert 'value="Map"' in page
        assert 'value="The map"' in page
        assert not Image.objects.exists()

    def test_a_missing_file_is_asked_for(self, editor_client):
        assert b"This field is required" in editor_client.post(ADD, {"title": "Map"}).content

    def test_the_same_file_again_is_said_and_kept_once(self, editor_client):
        editor_client.post(ADD, {"picture": upload(), "title": "One"})
        answer = editor_client.post(ADD, {"picture": upload(), "title": "Two", "alt": "Words"}, follow=True)
        assert "has this very picture already" in answer.content.decode()
        assert Image.objects.get().alt == "Words"

    def test_the_list_shows_and_finds_pictures(self, editor_client):
        image = kept()
        assert images.address(image) in editor_client.get(LIST).content.decode()
        assert images.address(image) in editor_client.get(LIST, {"q": "harb"}).content.decode()
        assert images.address(image) not in editor_client.get(LIST, {"q": "mountain"}).content.decode()

    def test_words_and_focal_point_can_be_changed_and_the_use_is_told(self, editor_client):
        image = kept()
        article = factories.draft(lead_image=image)
        address = reverse("admin:articles_image_change", args=[image.pk])
        page = editor_client.get(address).content.decode()
        assert f"Leads the article “{article.headline}”" in page
        assert "data-focal-picture" in page
        fields = {"title": "New", "alt": "", "caption": "", "credit": "", "focal_x": 20, "focal_y": 70}
        assert editor_client.post(address, fields).status_code == 302
        image.refresh_from_db()
        assert (image.title, image.focal_x, image.focal_y) == ("New", 20, 70)

    @pytest.mark.parametrize("x", ["101", "-1", "left"])
    def test_a_focal_point_outside_the_picture_is_refused(self, editor_client, x):
        image = kept()
        address = reverse("admin:articles_image_change", args=[image.pk])
        answer = editor_client.post(address, {"title": "New", "focal_x": x, "focal_y": 50})
        assert answer.status_code == 200
        image.refresh_from_db()
        assert image.focal_x == 50

    def test_no_page_of_the_library_carries_style_or_inline_script(self, editor_client):
        change = reverse("admin:articles_image_change", args=[kept().pk])
        for address in (LIST, ADD, change, PICKER):
            page = editor_client.get(address).content.decode()
            assert " style=" not in page
            assert "<style" not in page
            assert " onclick=" not in page


class TestRemoving:
    def test_an_unused_picture_and_its_file_go(self, editor_client, media_folder, django_capture_on_commit_callbacks):
        image = kept()
        with django_capture_on_commit_callbacks(execute=True):
            editor_client.post(reverse("admin:articles_image_delete", args=[image.pk]), {"post": "yes"})
        assert not Image.objects.exists()
        assert not [path for path in media_folder.rglob("*") if path.is_file()]

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_used_picture_stays_and_the_editor_is_told_where(self, editor_client, method):
        image = kept()
        figure = f'<figure><img src="{images.address(image)}" alt=""><figcaption></figcaption></figure>'
        article = factories.draft(body=figure)
        address = reverse("admin:articles_image_delete", args=[image.pk])
        answer = getattr(editor_client, method)(address, {"post": "yes"}, follow=True)
        assert f"Take it out here first: In the article “{article.headline}”" in answer.content.decode()
        assert Image.objects.exists()

    def test_several_at_a_time_are_not_deleted_while_one_is_used(self, editor_client):
        used = kept()
        factories.author(portrait=used)
        free = images.store(files.encoded(files.picture((90, 90))), title="Free")
        chosen = {"action": "delete_selected", "_selected_action": [used.pk, free.pk], "post": "yes"}
        answer = editor_client.post(LIST, chosen)
        assert "Portrait of" in answer.content.decode()
        assert Image.objects.count() == 2
        editor_client.post(LIST, {**chosen, "_selected_action": [free.pk]})
        assert list(Image.objects.all()) == [used]


class TestPicker:
    def test_it_offers_what_the_editor_needs_of_each_picture(self, editor_client):
        image = kept(alt='A "harbour"', caption="Dusk", credit="Photo: us")
        page = editor_client.get(PICKER, {"CKEditorFuncNum": "-3"}).content.decode()
        assert f'data-url="{images.address(image)}"' in page
        assert 'data-alt="A &quot;harbour&quot;"' in page
        assert 'data-caption="Dusk. Photo: us"' in page
        assert 'name="CKEditorFuncNum" value="-3"' in page

    def test_it_finds_by_words(self, editor_client):
        image = kept()
        assert images.address(image) in editor_client.get(PICKER, {"q": "harb"}).content.decode()
        page = editor_client.get(PICKER, {"q": "mountain"}).content.decode()
        assert images.address(image) not in page
        assert "No picture matches" in page

    def test_an_upload_is_chosen_at_once(self, editor_client):
        answer = editor_client.post(f"{PICKER}?CKEditorFuncNum=-3", {"picture": upload(), "alt": "A harbour"})
        image = Image.objects.get()
        assert answer.status_code == 302
        page = editor_client.get(f"{PICKER}{answer['Location']}").content.decode()
        assert "CKEditorFuncNum=-3" in answer["Location"]
        assert "data-picker-chosen" in page
        assert f'data-url="{images.address(image)}"' in page

    def test_a_refused_upload_is_explained_in_the_pop_up(self, editor_client):
        answer = editor_client.post(PICKER, {"picture": upload(files.PDF), "alt": "A harbour"})
        assert "This is a PDF document" in answer.content.decode()
        assert 'value="A harbour"' in answer.content.decode()

    @pytest.mark.parametrize(
        "query", ["?page=x", "?page=999", "?chosen=nothing", "?chosen=", "?q=%25&CKEditorFuncNum=x"]
    )
    def test_odd_addresses_do_no_harm(self, editor_client, query):
        kept()
        assert editor_client.get(f"{PICKER}{query}").status_code == 200

    def test_it_is_for_people_who_may_see_pictures(self, client):
        assert client.get(PICKER).status_code == 302
        assert staff_client().get(PICKER).status_code == 403
        viewer = staff_client("view_image")
        assert viewer.get(PICKER).status_code == 200
        assert b"Upload a new picture" not in viewer.get(PICKER).content
        assert viewer.post(PICKER, {"picture": upload()}).status_code == 403
        assert b"Upload a new picture" in staff_client("view_image", "add_image").get(PICKER).content
        assert not Image.objects.exists()

    def test_other_methods_are_refused(self, editor_client):
        assert editor_client.put(PICKER).status_code == 405


class TestUpload:
    def test_a_pasted_picture_is_kept_and_its_address_told(self, editor_client, editor):
        answer = editor_client.post(UPLOAD, {"file": upload()})
        image = Image.objects.get()
        assert answer.status_code == 201
        assert json.loads(answer.content) == {"url": images.address(image), "alt": "", "caption": ""}
        assert image.uploaded_by == editor

    @pytest.mark.parametrize(("data", "words"), [
        (files.SVG, "SVG"),
        (files.png_that_claims(20_000, 20_000), "pixels"),
        (files.encoded(files.picture())[:300], "damaged"),
        (b"", "empty"),
    ])  # fmt: skip
    def test_a_refusal_is_a_sentence(self, editor_client, data, words):
        answer = editor_client.post(UPLOAD, {"file": upload(data)})
        assert answer.status_code == 400
        assert words in answer.json()["error"]

    def test_without_a_file_there_is_a_sentence_too(self, editor_client):
        assert editor_client.post(UPLOAD).json() == {"error": "No picture arrived. Try again."}

    def test_only_people_who_may_add_pictures_are_answered(self, client):
        signed_out = client.post(UPLOAD, {"file": upload()})
        assert signed_out.status_code == 403
        assert "signed out" in signed_out.json()["error"]
        assert staff_client("view_image").post(UPLOAD, {"file": upload()}).status_code == 403
        assert not Image.objects.exists()
        assert staff_client("add_image").post(UPLOAD, {"file": upload()}).status_code == 201

    def test_a_request_from_another_site_is_refused(self, editor):
        client = Client(enforce_csrf_checks=True)
        client.force_login(editor)
        assert client.post(UPLOAD, {"file": upload()}).status_code == 403
        assert not Image.objects.exists()

    def test_reading_is_refused(self, editor_client):
        assert editor_client.get(UPLOAD).status_code == 405
