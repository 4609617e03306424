"""The editor's server side: one list for toolbar and sanitiser, the card of a post, the cleaning of a paste."""

import pytest
from django.core.exceptions import ValidationError
from django_prose_editor.config import allowlist_from_extensions

from articles import html
from articles.admin.widgets import BodyFormField, BodyWidget, NoteFormField, NoteWidget
from articles.models import Embed
from tests import factories
from tests.foundation.fake_service import FakeService, Reply

TWEET = "https://x.com/sample/status/1234567890123456789"
TWEET_CODE = (
    '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Words</p>&mdash; Sample (@sample) '
    f'<a href="{TWEET}?ref_src=twsrc%5Etfw">May 1, 2020</a></blockquote> <script async src="https://platform.x.com/w.js"></script>'
)


@pytest.mark.parametrize(
    ("widget", "extensions"), [(BodyWidget, html.PROSE_EXTENSIONS), (NoteWidget, html.NOTE_EXTENSIONS)]
)
def test_the_toolbar_offers_what_the_sanitiser_keeps_and_nothing_else(widget, extensions):
    offered = widget().get_config()["extensions"]
    assert {name for name, own in extensions.items() if own is not False} <= offered.keys()
    assert allowlist_from_extensions(offered)["tags"] == allowlist_from_extensions(extensions)["tags"]


def test_a_note_offers_no_headings_pictures_or_posts():
    assert not {"Heading", "Figure", "Embed", "Pointer", "Table"} & NoteWidget().get_config()["extensions"].keys()


def test_words_are_checked_for_spelling():
    assert "NoSpellCheck" not in BodyWidget().get_config()["extensions"]


def test_fields_clean_what_browsers_send():
    assert BodyFormField().clean('<p onclick="x()">Words</p><script>x()</script>') == "<p>Words</p>"
    assert NoteFormField().clean("<p>Words <em>set</em> apart</p><hr>") == "<p>Words <em>set</em> apart</p>"


def test_an_empty_paragraph_does_not_satisfy_a_required_field():
    with pytest.raises(ValidationError):
        BodyFormField().clean("<p>&nbsp;</p><p></p>")
    assert BodyFormField(required=False).clean("<p>&nbsp;</p>") == ""


def card(client, address):
    return client.get("/admin/editor/embed/", {"address": address})


def test_the_card_of_a_kept_post_shows_its_words(editor_client):
    Embed.objects.create(
        provider="tweet", external_id="1234567890123456789", url=TWEET, state=Embed.State.CAPTURED,
        author_name="Sample", author_handle="sample", text="w" * 300,
    )  # fmt: skip
    answer = card(editor_client, f"{TWEET.replace('x.com', 'mobile.twitter.com')}?s=20").json()
    assert answer["address"] == TWEET
    assert (answer["provider"], answer["state"], answer["author"], answer["handle"]) == (
        "Tweet",
        "captured",
        "Sample",
        "sample",
    )
    assert answer["text"] == "w" * 280 + "…"


def test_the_card_of_a_new_post_says_what_will_happen_and_keeps_nothing(editor_client):
    answer = card(editor_client, TWEET).json()
    assert answer["state"] == "new"
    assert "when you save" in answer["note"]
    assert not Embed.objects.exists()


def test_the_card_says_beforehand_which_posts_must_be_written_by_hand(editor_client):
    assert "by hand" in card(editor_client, "https://www.instagram.com/p/CxYzAbCdEfG/").json()["note"]


def test_the_card_says_why_a_post_could_not_be_fetched(editor_client):
    Embed.objects.create(
        provider="tweet", external_id="1234567890123456789", url=TWEET, state="failed", failure="It answered 429."
    )
    assert card(editor_client, TWEET).json()["note"].startswith("It answered 429. Readers see a plain link")


@pytest.mark.parametrize("address", ["", "https://notx.com/a/status/1", "javascript:alert(1)", "x" * 5000])
def test_no_card_for_what_is_no_post(editor_client, address):
    assert card(editor_client, address).json() == {"recognised": False}


@pytest.mark.parametrize(
    "ask", [lambda client: card(client, TWEET), lambda client: client.post("/admin/editor/paste/", {"text": "x"})]
)
def test_only_writers_may_ask(client, db, ask):
    assert ask(client).status_code == 302
    client.force_login(factories.member_of("Moderator"))
    assert ask(client).status_code == 403
    client.force_login(factories.member_of("Author"))
    assert ask(client).status_code == 200


def paste(client, **content):
    return client.post("/admin/editor/paste/", {"kind": "editor-body", **content}).json()


def test_a_pasted_text_comes_back_as_it_will_be_stored(editor_client):
    answer = paste(editor_client, html='<div><b>Bold</b> words<img src="https://old.example/x.png"></div>')
    assert answer == {"html": "<p><strong>Bold</strong> words</p>", "pictures_left_out": 1}


def test_a_note_gets_no_blocks_by_pasting(editor_client):
    assert "<h2" not in paste(editor_client, html="<h2>Loud</h2>", kind="editor-note")["html"]


def test_lines_of_plain_text_become_paragraphs_and_posts(editor_client):
    answer = paste(editor_client, text=f"Five < six & more\r\n\r\n{TWEET}\n")
    assert answer["html"] == (
        f'<p>Five &lt; six &amp; more</p><div data-embed="{TWEET}"><a href="{TWEET}">{TWEET}</a></div>'
    )


def test_the_code_that_a_platform_gives_becomes_the_post(editor_client):
    assert paste(editor_client, text=TWEET_CODE)["html"].startswith(f'<div data-embed="{TWEET}">')


def test_words_in_angle_brackets_stay_words(editor_client):
    assert paste(editor_client, text="<b>not bold</b>")["html"] == "<p>&lt;b&gt;not bold&lt;/b&gt;</p>"


def test_the_card_follows_an_address_that_x_shortened(editor_client, settings):
    with FakeService() as platform:
        settings.OEMBED_BASE_OVERRIDES = {"t.co": f"{platform.origin}/tco"}
        platform.replies("tco", Reply(status=301, headers={"Location": "https://twitter.com/a/status/20?s=1"}))
        answer = card(editor_client, "https://t.co/AbCdEf1234").json()
    assert (answer["recognised"], answer["address"]) == (True, "https://x.com/a/status/20")
