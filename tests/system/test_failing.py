"""
What a reader, a donor, an editor and Stripe see when a part fails, and that it is over when the part is back: the table
in section 9 of the reliability report, with the real services stopped.
"""

import pytest

from tests.system.asking import WEBHOOK, Browser, Crowd, ask, event
from tests.system.engines import wait_until
from tests.system.stack import PASSWORD

pytestmark = pytest.mark.system

COUNT = "from donations.models import StripeEvent; print(StripeEvent.objects.count())"
ARTICLE = (
    "from articles.models import Article; "
    'article = Article.objects.get(headline="Article 0"); print(article.get_absolute_url(), article.uid)'
)
MAKE_STALE = "import pagecache; pagecache.purge_stale('masthead', 'listings', 'banner')"


@pytest.fixture(scope="module")
def places(stack) -> tuple[str, str]:
    """An article's page, and the page on which a comment on it is written."""
    path, uid = stack.shell(ARTICLE).split()
    return path, f"/comments/write/{uid}/"


@pytest.fixture(scope="module")
def desk(stack) -> Browser:
    """An editor who signed in before anything failed."""
    browser = Browser(f"http://127.0.0.1:{stack.apps[0].port}")
    assert (
        "Your desk"
        in browser.submit("/admin/login/?next=/admin/", username="editor@example.org", password=PASSWORD).text
    )
    browser.address = stack.front.address
    return browser


def crowd(stack, places) -> Crowd:
    """Pages from the front's memory, from the site's, and some that are made each time."""
    return Crowd(stack.front.address, ["/", places[0], "/feed/", "/search/?q=word*", "/support/", "/archive/?x=*"])


def is_whole(made: Crowd, stack, before: int) -> None:
    assert made.failures == []
    assert len(made.answers) > 100
    assert made.kept > 3
    assert int(stack.shell(COUNT)) - before == made.kept  # nothing of what was taken in was lost


def test_each_process_restarts_under_load_and_no_request_fails(stack, places):
    before = int(stack.shell(COUNT))
    with crowd(stack, places) as made:
        for app in stack.apps:
            wait_for_more(made)
            app.stop()
            wait_for_more(made)
            app.start()
            stack.wait_ready(app)
        wait_for_more(made)
    is_whole(made, stack, before)


def test_the_count_of_failures_can_fail(stack, places):
    with crowd(stack, places) as made:
        wait_for_more(made)
        for app in stack.apps:
            app.stop()
        wait_until(lambda: made.failures, "a failure")
    for app in stack.apps:
        app.start()
        stack.wait_ready(app)


def wait_for_more(made: Crowd) -> None:
    wanted = len(made.answers) + 40
    wait_until(lambda: len(made.answers) >= wanted or made.failures, "answers")


def test_a_killed_process_costs_no_reader_a_page(stack, places):
    killed = stack.apps[0]
    with crowd(stack, places) as made:
        wait_for_more(made)
        killed.kill()
        wait_for_more(made)
        killed.start()
        stack.wait_ready(killed)
        wait_for_more(made)
    # What it was at work on when it was killed cannot be told twice by the front; Stripe tells it again.
    assert [failure for failure in made.failures if not failure.startswith(WEBHOOK)] == []
    assert len(made.failures) <= 1


def test_a_worker_that_is_killed_is_started_again_by_its_process(stack):
    app = stack.apps[1]
    children = stack.children_of(app)
    stack.kill(children[0])
    wait_until(lambda: (now := stack.children_of(app)) and now != children, "another worker")
    stack.wait_ready(app)


def test_without_redis_everybody_is_served_and_the_machine_says_so(stack, places, desk):
    assert ask(stack.front.address, places[0]).status == 200
    stack.redis.stop()
    try:
        for path in ("/", places[0], "/search/?q=word", "/support/", places[1]):
            assert ask(stack.front.address, path).status == 200
        assert desk.get("/admin/").status == 200
        body, headers = event(1)
        assert ask(stack.front.address, WEBHOOK, method="POST", data=body, **headers).status == 200
        for app in stack.apps:
            assert stack.readiness(app) == (503, '{"database": "ok", "cache": "does not answer", "migrations": "ok"}\n')
            assert ask(f"http://127.0.0.1:{app.port}", "/healthz").status == 200
            assert "The cache does not answer" in app.told()
    finally:
        stack.redis.start()
    for app in stack.apps:
        stack.wait_ready(app)


def test_without_postgresql_readers_read_on_and_all_others_are_told_plainly(stack, places, desk):
    path, write = places
    wait_until(lambda: stack.direct(0, path).status == 200 and stack.is_stored(path), "the page in the store")
    reader = Browser(stack.front.address)
    typed = {**reader.form(write), "text": "Words that took an hour", "name": "A reader", "email": "reader@example.org"}
    body, headers = event(2)
    stack.database.stop()
    try:
        stack.shell(MAKE_STALE)
        shown = wait_until(
            lambda: (found := ask(stack.front.address, path)).headers["X-Last-Good"] and found, "the mark"
        )
        assert shown.status == 200
        assert "Article 0" in shown.text
        assert_told(ask(stack.front.address, "/search/?q=never-asked-before"), "We cannot show this page right now")
        assert_told(ask(stack.front.address, "/support/"), "We cannot take pledges right now", "Nothing was charged")
        assert_told(ask(stack.front.address, write), "Comments are closed for the moment")
        assert_told(reader.post(write, typed), "Comments are closed for the moment", "Words that took an hour")
        assert_told(desk.get("/admin/"), "The desk cannot be reached right now")
        assert ask(stack.front.address, WEBHOOK, method="POST", data=body, **headers).status == 503
        for app in stack.apps:
            assert ask(f"http://127.0.0.1:{app.port}", "/healthz").status == 200
            status, told = stack.readiness(app)
            assert (status, '"database": "does not answer"' in told) == (503, True)
    finally:
        stack.database.start()
    for app in stack.apps:
        stack.wait_ready(app)
    wait_until(lambda: not ask(stack.front.address, path).headers["X-Last-Good"], "a page without the mark")
    assert ask(stack.front.address, "/support/").status == 200
    assert ask(stack.front.address, write).status == 200
    assert desk.get("/admin/").status == 200
    body, headers = event(2)
    assert ask(stack.front.address, WEBHOOK, method="POST", data=body, **headers).status == 200


def assert_told(answer, *words: str) -> None:
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert "no-store" in answer.headers["Cache-Control"]
    for each in words:
        assert each in answer.text


def test_with_no_process_at_all_the_front_shows_what_it_has_and_else_says_so(stack, places):
    path, _write = places
    wait_until(
        lambda: ask(stack.front.address, path).headers["X-Front-Cache"] == "HIT", "the page in the front's memory"
    )
    for app in stack.apps:
        app.stop()
    try:
        wait_until(lambda: ask(stack.front.address, path).headers["X-Front-Cache"] == "STALE", "the copy past its time")
        shown = ask(stack.front.address, path)
        assert (shown.status, "Article 0" in shown.text) == (200, True)
        refused = ask(stack.front.address, "/support/")
        assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
        assert "The site does not answer for a moment" in refused.text
    finally:
        for app in stack.apps:
            app.start()
    for app in stack.apps:
        stack.wait_ready(app)
    assert ask(stack.front.address, "/support/").status == 200
