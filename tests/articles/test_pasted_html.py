"""What clipboards hold, and what shall stand in the text: `tests/data/paste/NAME.html` and `NAME.clean.html`."""

from pathlib import Path

import pytest

from articles import html

SAMPLES = Path(__file__).parent.parent / "data" / "paste"
NAMES = ["word", "google-docs", "wordpress-classic", "wordpress-blocks"]


def sample(name):
    return (SAMPLES / f"{name}.html").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_real_clipboard_comes_out_clean(name):
    assert html.clean_body(sample(name)) == sample(f"{name}.clean").rstrip("\n")


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_holds_what_must_not_stay(name):
    """Without dirt in the samples the test above would prove nothing."""
    assert "style=" in sample(name)
    assert "class=" in sample(name)
    assert "style=" not in sample(f"{name}.clean")
    assert "class=" not in sample(f"{name}.clean")


def test_no_word_is_lost_when_a_video_stands_among_paragraphs():
    clean = html.clean_body(
        '<div class="post"><p>Before</p><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe><p>After</p></div>'
    )
    assert html.plain_text(clean).split("\n") == ["Before", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "After"]


def test_a_quotation_that_links_to_a_post_stays_a_quotation():
    quotation = (
        '<blockquote><p>As <a href="https://x.com/sample/status/1234567890123456789">he</a> said.</p></blockquote>'
    )
    assert html.clean_body(quotation) == quotation


PLATFORM_CODES = {
    "https://t.me/sample/158": (
        '<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="sample/158"></script>'
    ),
    "https://www.instagram.com/p/CxYzAbCdEfG/": (
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/CxYzAbCdEfG/?utm=x">'
        '<div><a href="https://www.instagram.com/p/CxYzAbCdEfG/"><div>View this post</div></a></div></blockquote>'
        '<script async src="//www.instagram.com/embed.js"></script>'
    ),
    "https://www.tiktok.com/@sample/video/6718335390845095173": (
        '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@sample/video/6718335390845095173" '
        'data-video-id="6718335390845095173"><section><a href="https://www.tiktok.com/@sample">@sample</a> Words'
        '</section></blockquote><script async src="https://www.tiktok.com/embed.js"></script>'
    ),
    "https://www.facebook.com/sample/posts/10153231379946729": (
        '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fsample%2Fposts'
        '%2F10153231379946729&amp;show_text=true" width="500" style="border:none"></iframe>'
    ),
    "https://mastodon.social/@sample/112233445566778899": (
        '<iframe src="https://mastodon.social/@sample/112233445566778899/embed" class="mastodon-embed"></iframe>'
    ),
    "https://vimeo.com/76979871": (
        '<div style="padding:56.25% 0 0 0"><iframe src="https://player.vimeo.com/video/76979871"></iframe></div>'
    ),
}


@pytest.mark.parametrize("address", PLATFORM_CODES)
def test_the_code_of_every_platform_becomes_its_post(address):
    clean = html.clean_body(f"<p>Before</p>{PLATFORM_CODES[address]}<p>After</p>")
    assert clean == f'<p>Before</p><div data-embed="{address}"><a href="{address}">{address}</a></div><p>After</p>'


@pytest.mark.parametrize("post", ['sample/158"><img src=x onerror=y()>', "../evil/1", "sample/x"])
def test_a_forged_telegram_script_leaves_nothing(post):
    clean = html.clean_body(f'<p>Words</p><script data-telegram-post="{post}"></script>')
    assert "onerror" not in clean
    assert "evil" not in clean
    assert clean.startswith("<p>Words</p>")


def test_every_form_of_a_posts_address_is_kept_as_one():
    forms = [
        "https://twitter.com/sample/status/20?s=20&t=x",
        "https://mobile.twitter.com/sample/status/20",
        "https://x.com/sample/status/20/photo/1",
    ]
    kept = {html.clean_body(f"<p>{address.replace('&', '&amp;')}</p>") for address in forms}
    assert len(kept) == 1
    assert 'data-embed="https://x.com/sample/status/20"' in kept.pop()


def test_word_lists_keep_their_levels_and_their_kind():
    item = '<p class=MsoListParagraph style="mso-list:l0 level{} lfo1"><span style="mso-list:Ignore">{}</span>{}</p>'
    pasted = item.format(1, "1.", "One") + item.format(3, "a)", "Deep") + item.format(1, "2.", "Two")
    assert html.clean_body(pasted) == ("<ol><li><p>One</p><ol><li><p>Deep</p></li></ol></li><li><p>Two</p></li></ol>")


def test_words_between_two_word_lists_part_them():
    item = '<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>{}</p>'
    clean = html.clean_body(item.format("One") + "<p>Between</p>" + item.format("Two"))
    assert clean == "<ul><li><p>One</p></li></ul><p>Between</p><ul><li><p>Two</p></li></ul>"


def test_bold_is_read_from_the_weight_and_not_from_its_look_alikes():
    assert html.clean_body('<p><b style="mso-bidi-font-weight:normal">x</b></p>') == "<p><strong>x</strong></p>"
    assert html.clean_body('<p><b style="font-weight: normal">x</b></p>') == "<p>x</p>"


def test_a_picture_of_ours_that_stood_in_a_paragraph_gets_its_own_figure():
    picture = '<img src="/media/images/ab/abcdef0123456789/960.jpg" alt="A wall">'
    assert html.clean_body(f'<p>Before <a href="/x/">{picture}</a>after</p>') == (
        f"<p>Before </p><figure>{picture}</figure><p>after</p>"
    )


def test_empty_lines_and_links_to_nowhere_are_left_out():
    clean = html.clean_body(
        '<p>One<a name="x"></a></p><p>&nbsp;</p><h2> </h2><p><a href="file:///c:/x">Two</a><br></p>'
    )
    assert clean == "<p>One</p><p>Two<br></p>"
