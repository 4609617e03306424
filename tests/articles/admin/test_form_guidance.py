"""What the form of an article tells somebody who uses it for the first time, and what it carries through a save."""

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from lxml import html

from articles import autosave
from articles.models import Article
from foundation import clock
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db
TIME = "2099-03-04T05:06"


def begun(user, *headlines):
    for number, headline in enumerate(headlines):
        fields = QueryDict(mutable=True)
        fields["headline"] = headline
        autosave.keep(user, None, form_key=f"form{number}", fields=fields, base_version=0)


def test_each_refused_field_is_named_with_a_link_that_leads_to_its_message(at_desk, ann):
    client = at_desk(ann)
    form = forms.open_form(client, forms.ADD)
    page = html.fromstring(forms.post(client, forms.ADD, form, headline="", section="").content.decode())
    links = page.xpath("//ul[@id='faults']//a")
    assert [link.text for link in links] == ["Headline", "Section"]
    for link in links:
        assert page.get_element_by_id(link.get("href").removeprefix("#")).text_content().strip()


def test_a_form_that_nobody_refused_names_no_faults(at_desk, ann):
    assert 'id="faults"' not in at_desk(ann).get(forms.ADD).content.decode()


def test_a_headline_of_any_length_reaches_the_server_and_comes_back_whole(at_desk, ann):
    client, long = at_desk(ann), "x" * 510
    page = html.fromstring(client.get(forms.ADD).content.decode()).get_element_by_id("article_form")
    named = {"headline", "slug", "standfirst", "seo_title", "public_note"}
    assert not [field.name for field in page.xpath(".//*[@maxlength]") if field.name in named]
    refused = forms.post(client, forms.ADD, forms.open_form(client, forms.ADD), headline=long)
    assert forms.fields_of(refused)["headline"] == [long]


def test_a_time_that_was_refused_comes_back_in_its_field(at_desk, ann):
    client, section = at_desk(ann), factories.section()
    form = {**forms.open_form(client, forms.ADD), "headline": "Water", "section": str(section.pk)}
    response = forms.post(client, forms.ADD, form, "_schedule", publish_at=TIME)
    assert Article.objects.get().status == "draft"
    page = client.get(response.url)
    assert "The time that you chose still stands in its field." in forms.text_of(page)
    assert forms.fields_of(page)["publish_at"] == [TIME]


def test_a_time_that_was_chosen_survives_the_save_of_a_draft(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    form = forms.open_form(client, forms.change(article))
    response = forms.post(client, forms.change(article), form, publish_at=TIME)
    assert forms.open_form(client, response.url)["publish_at"] == [TIME]


def test_a_time_that_was_used_leaves_the_address(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    due = timezone.localtime(clock.now() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    path = f"{forms.change(article)}?publish_at={TIME}"
    response = forms.post(client, path, forms.open_form(client, path), "_schedule", publish_at=due)
    assert response.url == forms.change(article)
    assert forms.open_form(client, response.url)["publish_at"] == [due]


def test_a_saved_update_does_not_open_another(at_desk, ann):
    client, article = at_desk(ann), factories.published()
    path = f"{forms.change(article)}?add=update"
    form = forms.open_form(client, path)
    assert form["addenda-TOTAL_FORMS"] == ["1"]
    response = forms.post(client, path, form, **{"addenda-0-body": "<p>More.</p>"})
    assert response.url == forms.change(article)
    assert article.addenda.count() == 1


def test_the_filters_of_the_list_stay_in_the_address(at_desk, ann):
    client, article = at_desk(ann), factories.published()
    path = f"{forms.change(article)}?_changelist_filters=stage%3Dpublished&add=update"
    response = forms.post(client, path, forms.open_form(client, path))
    assert response.url.startswith(forms.change(article))
    assert "_changelist_filters=stage%3Dpublished" in response.url
    assert "add=" not in response.url


def test_several_articles_that_were_begun_stand_in_one_closed_list(at_desk, ann):
    begun(ann, "Water", "")
    page = html.fromstring(at_desk(ann).get(forms.ADD).content.decode())
    (closed,) = page.xpath("//details[contains(@class, 'notice')]")
    assert closed.get("open") is None
    assert "2 articles that you began" in closed.findtext("summary/strong")
    labels = closed.xpath(".//button/@aria-label")
    assert labels[0::2] == ["Restore “Without a headline”", "Restore “Water”"]


def test_one_article_that_was_begun_is_offered_in_full(at_desk, ann):
    begun(ann, "Water")
    page = at_desk(ann).get(forms.ADD)
    assert "Restore what you typed at" in forms.text_of(page)
    assert '<details class="notice">' not in page.content.decode()


def test_dates_without_a_format_of_their_own_are_written_in_one_way():
    moment = dt.datetime(2026, 11, 22, 11, 8, tzinfo=dt.UTC)
    written = {date_format(moment, name) for name in ("DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")}
    assert written == {"22 November 2026, 11:08"}


def test_the_work_in_the_background_is_called_so(at_desk):
    page = at_desk(factories.editor()).get("/admin/")
    assert "Background work" in forms.text_of(page)
    assert "Tasks Database" not in forms.text_of(page)
