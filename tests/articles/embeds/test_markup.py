from hypothesis import given
from hypothesis import strategies as st

from articles.embeds.markup import address_in_embed_html, read_quotation

SCRIPT = '<script async src="https://platform.x.com/widgets.js" charset="utf-8"></script>'


def key_in(html):
    from articles.embeds.providers import recognise

    address = address_in_embed_html(html)
    return address and recognise(address).key


def test_the_permalink_of_a_pasted_tweet_is_its_last_link():
    html = (
        '<blockquote class="twitter-tweet"><p>As <a href="https://twitter.com/a/status/11">she said</a></p>'
        f'&mdash; B (@b) <a href="https://twitter.com/b/status/12?ref_src=x">May 5, 2020</a></blockquote> {SCRIPT}'
    )
    assert key_in(html) == "tweet:12"


def test_a_quotation_that_holds_a_link_to_a_tweet_stays_a_quotation():
    html = '<blockquote><p>As <a href="https://twitter.com/a/status/11">she said</a></p></blockquote>'
    assert address_in_embed_html(html) is None


def test_a_plain_link_is_no_embed():
    assert address_in_embed_html('<p><a href="https://youtu.be/aB3_x-9ZkLm">film</a></p>') is None


def test_players_in_frames_are_recognised():
    assert key_in('<iframe src="//www.youtube.com/embed/aB3_x-9ZkLm?x=1"></iframe>') == "youtube:aB3_x-9ZkLm"
    assert key_in('<iframe src="https://player.vimeo.com/video/7654321"></iframe>') == "vimeo:7654321"
    assert key_in('<iframe src="https://s.example.org/@b/112233445566778899/embed"></iframe>') == (
        "mastodon:s.example.org/112233445566778899"
    )


def test_a_frame_from_anywhere_else_is_no_embed():
    assert address_in_embed_html('<iframe src="https://evil.example/embed/aB3_x-9ZkLm"></iframe>') is None


def test_the_embed_html_of_other_platforms_is_recognised():
    assert key_in(
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/CxYz_1-aBcD/?x=1">'
    ) == ("instagram:CxYz_1-aBcD")
    assert key_in(
        '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@t/video/7100000000000000001"><section></section>'
    ) == ("tiktok:7100000000000000001")
    assert key_in(
        '<script src="https://telegram.org/js/telegram-widget.js" data-telegram-post="harbour/120"></script>'
    ) == ("telegram:harbour/120")
    assert key_in(
        '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:abc/app.bsky.feed.post/3kabcdefghi2x"><p>x</p>'
    ) == ("bluesky:did:plc:abc/3kabcdefghi2x")
    assert key_in('<div class="fb-post" data-href="https://www.facebook.com/quay/posts/pfbid02abcDEF"></div>') == (
        "facebook:pfbid02abcDEF"
    )


@given(st.text())
def test_no_markup_breaks_the_readers(text):
    for html in (
        text,
        f"<blockquote class='twitter-tweet'><p>{text}</p>",
        f"<a href='{text}'>",
        f"<![{text}",
        f"<!--{text}",
    ):
        address_in_embed_html(html)
        read_quotation(html)


def test_deep_nesting_is_read_in_a_moment():
    read_quotation("<p>" * 50_000 + "<a href='x'>" * 50_000)


def test_paragraphs_and_breaks_become_lines_and_white_space_does_not():
    html = "<blockquote><p>one\n   two<br>three<br><br>four</p><p>five</p>&mdash; N (@n)</blockquote>"
    quotation = read_quotation(html)
    assert quotation.text == "one two\nthree\n\nfour\n\nfive"
    assert quotation.after == "— N (@n)"


def test_scripts_and_styles_are_not_read_as_words():
    assert read_quotation("<p>a<script>b()</script><style>c{}</style>d</p>").text == "ad"
