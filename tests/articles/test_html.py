import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import html

ALLOWED = [
    '<p>Plain <strong>bold</strong> and <em>italic</em> with a <a href="https://example.org/">link</a>.</p>',
    "<h2>Heading</h2><p>Text</p><h3>Lower</h3><p>More</p>",
    "<blockquote><p>Quoted.</p></blockquote>",
    "<ul><li><p>One</p></li><li><p>Two</p></li></ul>",
    '<ol start="3"><li><p>Three</p></li></ol>',
    "<table><tbody><tr><th>A</th><td>B</td></tr></tbody></table>",
    "<pre><code>x = 1</code></pre><hr><p>E = mc<sup>2</sup>, H<sub>2</sub>O, <s>gone</s>, <code>y</code></p>",
]


@pytest.mark.parametrize("markup", ALLOWED)
def test_what_the_editor_offers_is_kept_to_the_letter(markup):
    assert html.clean_body(markup) == markup


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        "<svg onload=alert(1)><p>x</p></svg>",
        "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
        '<p style="background:url(https://evil.example/x)" onclick="x()" class="y" id="z">x</p>',
        '<iframe src="https://evil.example/"></iframe>',
        '<form action="https://evil.example/"><input name="q"></form>',
        '<img src="https://evil.example/pixel.png" alt="x">',
        '<figure class="evil"><img src="//evil.example/x.png"><figcaption>c</figcaption></figure>',
        '<div data-embed="https://evil.example/x">x</div>',
        '<a data-pointer="nonsense">x</a>',
    ],
)
def test_nothing_that_runs_or_calls_another_server_survives(attack):
    clean = html.clean_body(attack)

    for forbidden in ("script", "onerror", "onload", "onclick", "javascript:", "data:text", "style", "class=", "id="):
        assert forbidden not in clean
    for forbidden in ("<img", "<iframe", "<svg", "<form", "data-embed", "nonsense"):
        assert forbidden not in clean


def test_our_own_picture_stays_with_its_caption():
    figure = (
        '<figure><img src="/media/images/ab/abcdef0123456789/1200.jpg" alt="A harbour">'
        "<figcaption>The harbour at noon</figcaption></figure>"
    )
    assert html.clean_body(figure) == figure


def test_a_pointer_keeps_its_addendum():
    key = "0123456789abcdef" * 2
    clean = html.clean_body(
        f'<p>Nothing said <a data-pointer="{key}" href="https://evil.example">(UPDATED below)</a>.</p>'
    )
    assert f'data-pointer="{key}"' in clean
    assert 'href="#"' in clean


def test_the_address_of_a_post_on_its_own_line_becomes_the_post():
    clean = html.clean_body(
        "<p>Before</p><p>https://twitter.com/sample/status/1234567890123456789?s=20</p><p>After</p>"
    )
    assert clean.count("data-embed=") == 1
    assert clean.startswith("<p>Before</p><div data-embed=")


@pytest.mark.parametrize(
    "address", ["https://notx.com/a/status/1234567890", "https://x.com.evil.example/a/status/123456"]
)
def test_an_address_that_only_looks_like_a_post_stays_text(address):
    assert html.clean_body(f"<p>{address}</p>") == f"<p>{address}</p>"


def test_the_platforms_own_embed_html_becomes_the_post():
    pasted = (
        '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Words of the post</p>&mdash; Sample (@sample) '
        '<a href="https://twitter.com/sample/status/1234567890123456789?ref_src=twsrc">May 1, 2020</a></blockquote>'
        '<script async src="https://platform.twitter.com/widgets.js"></script>'
    )
    clean = html.clean_body(pasted)
    assert clean.startswith('<div data-embed="')
    assert "Words of the post" not in clean
    assert "blockquote" not in clean


def test_google_docs_markup_comes_out_plain():
    pasted = (
        '<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38">'
        '<span style="font-size:11pt;font-weight:700">Bold</span><span style="font-style:italic"> italic</span>'
        "<span> plain</span></p></b>"
    )
    assert html.clean_body(pasted) == "<p><strong>Bold</strong><em> italic</em> plain</p>"


def test_word_markup_comes_out_plain():
    pasted = (
        "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--><style>p.MsoNormal{margin:0}</style>"
        '<h1 style="mso-x:1">Title</h1><p class="MsoNormal"><b><span lang="EN-GB">Bold</span></b><o:p></o:p></p>'
    )
    assert html.clean_body(pasted) == "<h2>Title</h2><p><strong>Bold</strong></p>"


def test_old_posts_made_of_divs_become_paragraphs():
    pasted = '<div class="entry"><div>First <i>one</i></div><div>Second</div>loose words<center>third</center></div>'
    assert html.clean_body(pasted) == "<p>First <em>one</em></p><p>Second</p><p>loose words</p><p>third</p>"


def test_nul_and_control_characters_are_left_out():
    assert html.clean_body("<p>a\x00b\x0bc</p>") == "<p>abc</p>"


def test_a_note_has_no_blocks():
    assert html.clean_note(
        "<h2>Loud</h2><p>Quiet <strong>words</strong></p>"
    ) == "Loud<p>Quiet <strong>words</strong></p>" or (html.clean_note("<h2>Loud</h2>") == "<p>Loud</p>")


def test_plain_text_parts_blocks_and_joins_inline_tags():
    markup = "<h2>Head</h2><p>One <strong>two</strong>three</p><ul><li><p>a</p></li><li><p>b</p></li></ul>"
    assert html.plain_text(markup) == "Head\nOne twothree\na\nb"


@given(st.text(alphabet=st.sampled_from("<>/\"'= abdivpscripthrefonclickimg&;#x0123456789!-"), max_size=200))
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_changes_nothing(soup):
    once = html.clean_body(soup)
    assert html.clean_body(once) == once


PIECES = st.sampled_from(
    re.split(
        r"\s+",
        """<div> </div> <p> </p> <b> </b> <i> </i> <blockquote> </blockquote> <ul> <li> </ul> <table> <tr> <td> </table>
    <figure> </figure> <figcaption> words <br> <h1> </h1> </span> <center> </a> &lt; <pre> </pre>
    https://x.com/a/status/1234567890123456789""",
    )
    + [
        " ",
        '<span style="font-weight:700">',
        '<div data-embed="https://x.com/a/status/1234567890123456789">',
        '<a href="/x/">',
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=1000, deadline=None)
def test_cleaning_any_nesting_twice_changes_nothing(soup):
    once = html.clean_body(soup)
    assert html.clean_body(once) == once
