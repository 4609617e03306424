"""What a comment may look like, and which signs are refused."""

import contextlib
import html.parser
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments import formatting
from comments.findings import Refused

TAGS = {"p", "blockquote", "strong", "em", "br", "a"}
LINK = '<a href="{0}" rel="nofollow ugc noopener">{1}</a>'


class Reader(html.parser.HTMLParser):
    """What a browser would see: tags, addresses, words."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data


def body(source):
    return formatting.render(source).body_html.replace("\n", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("One\nline\n\nTwo", "<p>One<br>line</p><p>Two</p>"),
        ("**bold** and *italic* and _italic_", "<p><strong>bold</strong> and <em>italic</em> and <em>italic</em></p>"),
        ("> said\n\nanswer", "<blockquote><p>said</p></blockquote><p>answer</p>"),
        ("[words](https://example.org/a)", f"<p>{LINK.format('https://example.org/a', 'words')}</p>"),
        ("see http://example.org.", f"<p>see {LINK.format('http://example.org', 'http://example.org')}.</p>"),
        (r"\*not italic\*", "<p>*not italic*</p>"),
        ("snake_case_name and 2*3*4", "<p>snake_case_name and 2<em>3</em>4</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
    ],
)
def test_the_few_signs_that_mean_something(source, expected):
    assert body(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "# Heading",
        "- list",
        "1. list",
        "`code`",
        "~~struck~~",
        "---",
        "<b>bold</b>",
        "&lt;",
        "[1]: http://a",
        "| a | b |",
    ],
)
def test_other_signs_are_the_words_they_are(source):
    read = Reader(body(source))
    assert set(read.tags) <= {"p", "a"}
    assert read.words == source


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "ftp://a.b", "mailto:a@b.c", "//a.b", "/about/",
     "vbscript:x", "http:", "https://", "java\tscript:x", "&#106;avascript:x", "file:///etc/passwd"],
)  # fmt: skip
def test_only_addresses_on_the_web_become_links(address):
    assert formatting.render(f"[words]({address})").link_count == 0
    assert "href" not in body(f"[words]({address}) {address} <{address}>").replace("http://", "").split("rel=")[0]


def test_no_picture_is_shown_only_its_address():
    assert Reader(body("![words](http://example.org/x.png)")).tags == ["p", "a"]


@pytest.mark.parametrize(
    ("source", "number"),
    [("none", 0), ("http://a.org http://a.org [x](https://b.org)", 3), ("> http://a.org\n\n*http://b.org*", 2)],
)
def test_links_are_counted(source, number):
    assert formatting.render(source).link_count == number


def test_quotes_deeper_than_a_page_shows_keep_their_words():
    """As in mail that went to and fro; and a flood of signs."""
    for quotes in (6, 30, 4000):
        read = Reader(body(">" * quotes + " the words"))
        assert read.words == "the words"
        assert read.tags.count("blockquote") == 5


pieces = [*"ab *_[]()<>!&\\`#-\n\"'=/:.", "http://", "javascript:", "> ", "é", "\u202e"]
signs = st.lists(st.sampled_from(pieces), max_size=60).map("".join)


@given(source=st.one_of(signs, st.text(max_size=200)))
def test_whatever_is_typed_nothing_but_the_few_tags_comes_out(source):
    read = Reader(body(source))
    assert set(read.tags) <= TAGS
    for name, value in read.attributes:
        assert name in ("href", "rel")
        assert re.match(r"https?://", value, re.IGNORECASE) if name == "href" else value == "nofollow ugc noopener"


@given(source=st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FFF), min_size=1, max_size=100))
def test_plain_words_come_out_as_they_are(source):
    source = formatting.normalise(source)
    assert Reader(body(source)).words == source


@given(source=st.one_of(signs, st.text(max_size=200)))
def test_normalising_twice_changes_nothing(source):
    once = formatting.normalise(source)
    assert formatting.normalise(once) == once


@pytest.mark.parametrize(
    "hostile", ["[", "*", "_a", "[a](", "> ", "**a ", "http://", "<", "![[", "\\", "*a_ ", "<http://"]
)
def test_no_pattern_of_signs_keeps_the_parser_busy(hostile):
    """As long as a comment may be by the widest rule, on a busy machine."""
    begun_at = time.process_time()
    formatting.render(hostile * (20_000 // len(hostile)))
    assert time.process_time() - begun_at < 10


# The same words


def test_the_same_words_have_one_fingerprint_however_they_are_dressed():
    same = [
        "Buy now, friends!",
        "buy  NOW friends",
        "**Buy** now\nfriends…",
        "Вuy now friends",
        "b\u00aduy now friends",
    ]
    assert len({formatting.fingerprint(source) for source in same}) == 1
    assert formatting.fingerprint("Buy never, friends!") != formatting.fingerprint(same[0])
    assert formatting.fingerprint("!!!") == ""


# Tricks

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
PROPER = [
    "Zażółć gęślą jaźń, Việt Nam, Ђорђе, ἄνθρωπος",
    f"A family {FAMILY}, a rainbow \U0001f3f3\ufe0f\u200d\U0001f308, a heart \u2764\ufe0f",
    "A doctor \U0001f469\U0001f3fd\u200d⚕️",
    "England \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f, keycap 1\ufe0f\u20e3",
    "می\u200cخواهم",  # Persian: a letter that does not join
    "क्\u200dष and क्\u200cष",  # Devanagari: both joiners
    "ශ්\u200dරී ලංකාව",  # Sinhala
    "שָׁלוֹם עֲלֵיכֶם",  # Hebrew with vowels and accents
    "ٱلرَّحْمَٰنِ",  # Arabic with vowels
    "ภาษาไทยที่นี่",  # Thai
    "བོད་སྐད་",  # Tibetan stacks
    "The word \u2067שלום\u2069 isolated, and \u200fmarks\u200e",
    "\u202bembedded\u202c",
    "Tabs\tand\nlines",
    "e\u0301 o\u0302\u0301",  # composed by NFC
]


@pytest.mark.parametrize("text", PROPER)
def test_what_people_need_to_write_their_languages_is_taken(text):
    assert formatting.checked(text, longest=5000) == formatting.normalise(text)


FLOOD = "".join(chr(0x0300 + number) for number in range(12))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Z" + FLOOD, "too many accents"),
        ("шж" + FLOOD, "too many accents"),
        ("ا" + "\u064b" * 9, "too many accents"),
        ("a\u20dd\u20dd\u20dd", "too many accents"),
        ("one \u202egnp.exe", "direction of writing"),
        ("one \u202dtwo\u202c", "direction of writing"),
        ("one \u2067two", "direction of writing"),
        ("one \u2067two\nthree\u2069", "direction of writing"),
        ("one two\u2069", "direction of writing"),
        ("one \u2067\u202btwo\u2069\u202c", "direction of writing"),
        ("one\u200f\u200f\u200f\u200f", "direction of writing"),
        ("cas\u200bino", "invisible character"),
        ("cas\u200dino", "invisible character"),
        ("cas\u200cino", "invisible character"),
        ("cas\u2060ino", "invisible character"),
        ("\u200dcasino", "invisible character"),
        ("cas\u3164ino", "invisible character"),
        ("cas\u2800ino", "invisible character"),
        ("cas\U000e0041ino", "invisible character"),
        ("\U0001f600\u200dx", "invisible character"),
        ("nul\x00l", "control character"),
        ("bell\x07", "control character"),
        ("li\x85ne", "control character"),
        ("half\ud800", "control character"),
        ("end\ufffe", "control character"),
    ],
)
def test_tricks_are_refused_with_words_that_say_which(text, words):
    with pytest.raises(Refused, match=words) as refusal:
        formatting.checked(text, longest=5000)
    assert refusal.value.field == "source"


def test_a_writer_is_told_where_it_stands():
    with pytest.raises(Refused, match="after “word”"):
        formatting.checked("The word \u202ehere", longest=5000)
    with pytest.raises(Refused, match="at its beginning"):
        formatting.checked("\u202ehere", longest=5000)


def test_signs_that_are_pasted_unseen_and_say_nothing_are_left_out():
    assert formatting.checked("\ufeffZu\u00adsam\u00admen\r\nzwei\x0bdrei", longest=100) == "Zusammen\nzwei\ndrei"


def test_a_comment_that_is_too_long_says_how_long_it_is():
    with pytest.raises(Refused, match="1,201 characters, where 1,200 are possible"):
        formatting.checked("x" * 1201, longest=1200)


@given(text=st.text(max_size=100))
def test_any_text_is_either_refused_or_kept_to_the_letter(text):
    with contextlib.suppress(Refused):
        assert formatting.checked(text, longest=5000) == formatting.normalise(text)
