"""The site behind its front server, as readers and an editor meet it on a day without trouble."""

import json
import re

import pytest

from foundation.headers import INERT
from tests.system.asking import Browser, ask
from tests.system.engines import wait_until
from tests.system.stack import PASSWORD

pytestmark = pytest.mark.system

DRAFT = 'from articles.models import Article; print(Article.objects.get(headline="Fresh from the press").pk)'
WITHDRAW = """
from articles import publishing
from articles.models import Article
from accounts.models import User
article = Article.objects.get(headline="Fresh from the press")
publishing.withdraw(article, by=User.objects.get(email="editor@example.org"))
"""
BAN = """
from django.core.management import call_command
from bottrap import bans
bans.{verb}
call_command("write_bans")
"""


@pytest.fixture(scope="module")
def published(stack) -> str:
    """The path of an article that an editor has published in the first process, by its own forms."""
    desk = Browser(f"http://127.0.0.1:{stack.apps[0].port}")
    signed_in = desk.submit("/admin/login/?next=/admin/", username="editor@example.org", password=PASSWORD)
    assert "Your desk" in signed_in.text
    before = [ask(stack.front.address).text, stack.direct(1, "/").text]
    assert not any("Fresh from the press" in page for page in before)
    change = f"/admin/articles/article/{stack.shell(DRAFT)}/change/"
    answer = desk.submit(change, "article_form", button="_publish")
    assert answer.status == 200
    return stack.shell(
        'from articles.models import Article; print(Article.objects.get(headline="Fresh from the press")'
        ".get_absolute_url())"
    )


def test_what_is_published_in_one_process_is_read_from_the_other_through_the_front(stack, published):
    wait_until(lambda: "Fresh from the press" in stack.direct(1, "/").text, "the article in the other process")
    wait_until(lambda: "Fresh from the press" in ask(stack.front.address).text, "the article on the home page")
    assert stack.direct(1, published).status == 200
    assert ask(stack.front.address, published).status == 200


def test_the_front_keeps_a_page_for_a_moment_in_the_encoding_the_site_has_made(stack, published):
    def again(encoding: str):
        ask(stack.front.address, published, Accept_Encoding=encoding)
        return ask(stack.front.address, published, Accept_Encoding=encoding)

    texts = set()
    for encoding, wanted in [("br, gzip", "br"), ("gzip;q=0.5, deflate", "gzip"), ("br;q=0", None)]:
        answer = wait_until(
            lambda encoding=encoding: (found := again(encoding)).headers["X-Front-Cache"] == "HIT" and found,
            "a page from the front server's memory",
        )
        assert answer.headers["Content-Encoding"] == wanted
        assert answer.headers["X-Accel-Expires"] is None
        texts.add(answer.text)
    assert len(texts) == 1
    assert "Fresh from the press" in texts.pop()


def test_whoever_is_known_is_never_answered_from_the_fronts_memory(stack, published):
    session = ({"Cookie": "sessionid=abc"}, {"Cookie": "__Host-sessionid=abc"})
    for told in (*session, {"Authorization": "Basic eDp5"}, {"Cookie": "a=b; __Host-backs=x"}):
        for _ in range(2):
            answer = ask(stack.front.address, published, **told)
            assert (answer.status, answer.headers["X-Front-Cache"]) == (200, "BYPASS")
    assert ask(stack.front.address, f"{published}?utm_source=x").headers["X-Front-Cache"] == "BYPASS"


def test_what_is_withdrawn_is_gone_from_the_front_at_once(stack, published):
    wait_until(
        lambda: ask(stack.front.address, published).headers["X-Front-Cache"] == "HIT", "the page in the front's memory"
    )
    stack.shell(WITHDRAW)
    assert ask(stack.front.address, published).status == 410
    assert stack.direct(0, published).status == stack.direct(1, published).status == 410


def test_files_are_handed_out_by_the_front_under_names_that_change_with_them(stack):
    manifest = json.loads((stack.static / "staticfiles.json").read_text())["paths"]
    hashed = ask(stack.front.address, f"/static/{manifest['css/base.css']}", Accept_Encoding="gzip")
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert hashed.headers["Content-Encoding"] == "gzip"
    assert hashed.text == (stack.static / manifest["css/base.css"]).read_text()
    assert ask(stack.front.address, "/static/css/base.css").headers["Cache-Control"] == "public, max-age=300"
    picture = stack.media / "images" / "ab" / "ab0123456789abcd" / "480.webp"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    shown = ask(stack.front.address, "/media/images/ab/ab0123456789abcd/480.webp")
    assert (shown.status, shown.headers["Content-Type"], shown.body) == (200, "image/webp", b"a picture")
    assert shown.headers["Content-Security-Policy"] == INERT
    (picture.parent / "480.html").write_text("<script>")
    for path in ("images/ab/ab0123456789abcd/480.html", "images/", "../front/nginx.conf", "images/ab/../ab/"):
        assert ask(stack.front.address, f"/media/{path}").status in (400, 404)


def test_a_request_has_one_name_in_the_answer_and_in_both_logs(stack):
    answer = ask(stack.front.address, "/support/manage/not-a-token/", X_Request_ID="invented-by-a-visitor")
    name = answer.headers["X-Request-ID"]
    assert len(answer.headers.get_all("X-Request-ID")) == 1
    assert name != "invented-by-a-visitor"

    def told():
        lines = [json.loads(line) for line in stack.front.access_log.read_text().splitlines()]
        return [line for line in lines if line["request_id"] == name]

    (line,) = wait_until(told, "the line in the log")
    assert (line["network"], line["path"]) == ("127.0.0.0", "/support/manage/…")
    missing = ask(stack.front.address, "/2020/01/nothing-here/")
    wait_until(
        lambda: any(missing.headers["X-Request-ID"] in app.told() for app in stack.apps), "the line in the site's log"
    )


def test_whoever_is_banned_gets_nothing_from_the_fronts_memory_and_is_told_the_way_out(stack):
    wait_until(lambda: ask(stack.front.address, "/archive/").status == 200, "the page")
    stack.shell(BAN.format(verb='ban("127.0.0.1/32", reason="For the test")'))
    try:
        assert "127.0.0.1/32 1;" in stack.front.bans.read_text()
        refused = wait_until(
            lambda: (found := ask(stack.front.address, "/archive/")).status == 403 and found, "the refusal"
        )
        assert "If you are a person" in refused.text
        assert ask(stack.front.address, "/robots.txt").status == 200
        # Once nginx has read the list anew, the site is not even asked for most of it.
        wait_until(lambda: ask(stack.front.address, "/archive/").status == 429, "the front's own refusal")
    finally:
        stack.shell(BAN.format(verb='lift("127.0.0.1/32", by="staff")'))
    wait_until(lambda: ask(stack.front.address, "/archive/").status == 200, "the page again")


def test_the_front_slows_down_who_guesses_passwords(stack):
    def guess():
        return ask(stack.front.address, "/admin/login/", method="POST", data=b"x=y")

    assert guess().status == 403  # no token
    refused = wait_until(lambda: (found := guess()).status == 429 and found, "the refusal")
    assert "That was a lot at once" in refused.text
    assert refused.headers["Retry-After"] == "30"
    assert ask(stack.front.address, "/admin/login/").status == 200


def test_the_figures_of_both_processes_are_told_on_a_port_of_their_own(stack, published):
    for number in range(2):
        wait_until(lambda number=number: stack.direct(number, "/feed/").status == 200, "an answer of the process")
    stack.figures.start()
    address = f"http://127.0.0.1:{stack.figures.port}"

    def told(name: str) -> float:
        found = re.search(rf"^{re.escape(name)} ([\d.e+]+)$", ask(address, "/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    before = told('antiempire_answers_total{status="2xx"}')
    assert before > 0
    assert len(list((stack.folder / "metrics").glob("counter_*.db"))) >= 2
    wait_until(
        lambda: (
            all(stack.direct(number, "/feed/").status == 200 for number in range(2))
            and told('antiempire_answers_total{status="2xx"}') > before
            and told('antiempire_page_cache_total{outcome="hits"}') > 0
        ),
        "more answers",
    )
    assert told("antiempire_figures_unread") == 0
    assert told('antiempire_ledger_alarms{kind="drift"}') == 0
    assert ask(stack.front.address, "/metrics").status in (301, 404)
