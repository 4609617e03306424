"""What the small scripts do for a reader who keeps a page open, and what they leave alone."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from articles import publishing
from articles.models import Addendum
from comments import places
from foundation import clock
from tests import factories
from tests.comments import making

MINUTE = dt.timedelta(minutes=1)
# Keeps the answers to whatever the page asks.
KEEP = """
    window.answers = [];
    const ask = window.fetch;
    window.fetch = (...told) => {
        const answer = ask(...told);
        window.answers.push(answer.then((found) => found.clone().text()).catch(() => {}));
        return answer;
    };
"""
# Until all have come, and after what the page does with the last. Its own timers are the test's.
UNDERSTOOD = """async () => {
    await Promise.all(window.answers);
    await new Promise((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done();
        channel.port2.postMessage(0);
    });
}"""


@pytest.fixture
def article(transactional_db):
    return factories.published(at=clock.now() - 125 * MINUTE)


@pytest.fixture
def reader(open_browser):
    """A page whose timers the test moves, and the polls it has sent."""
    page = open_browser()
    page.clock.install()
    page.add_init_script(KEEP)
    page.polls = []
    page.on("request", lambda request: request.url.endswith("updates.json") and page.polls.append(request))
    return page


def wait(page, seconds: int):
    """Lets the page's own time pass, then until it has understood the answer to whatever it asked meanwhile."""
    page.clock.run_for(seconds * 1000)
    page.evaluate(UNDERSTOOD)


def test_an_update_is_told_without_reloading_and_loaded_by_a_click(reader, article):
    reader.goto(article.get_absolute_url())
    notice = reader.locator(".update-notice")
    wait(reader, 40)
    expect(notice).to_be_empty()
    factories.addendum(article, body="<p>What happened since.</p>")
    wait(reader, 60)
    expect(notice).to_have_text("1 new update. Show")
    reader.locator(".update-notice a").click()
    expect(reader.locator("#update-1")).to_contain_text("What happened since.")
    expect(reader.locator(".update-notice")).to_be_empty()
    assert reader.url.endswith("#update-1")


def test_a_place_far_down_a_page_is_jumped_to_at_once(open_browser, article):
    """Through a long discussion a glide takes seconds."""
    for number in range(40):
        comment = making.public(article, source=f"{number}. " + "Words that run on. " * 40)
    page = open_browser()
    page.goto(article.get_absolute_url())
    jumped = """hash => new Promise(done => {
        const places = new Set();
        addEventListener("scroll", () => places.add(scrollY));
        addEventListener("scrollend", () => done(places.size));
        location.hash = hash;
    })"""
    assert page.evaluate(jumped, places.anchor_of(comment.uid)) == 1


def test_several_additions_are_counted_by_kind(reader, article):
    factories.addendum(article)
    reader.goto(article.get_absolute_url())
    factories.addendum(article, kind=Addendum.Kind.CORRECTION)
    wait(reader, 40)
    expect(reader.locator(".update-notice")).to_have_text("1 new correction. Show")
    factories.addendum(article)
    wait(reader, 40)
    expect(reader.locator(".update-notice")).to_have_text("2 new additions. Show")


def test_the_notice_is_announced_politely(reader, article):
    reader.goto(article.get_absolute_url())
    notice = reader.locator(".update-notice")
    expect(notice).to_have_attribute("aria-live", "polite")
    assert notice.evaluate("node => getComputedStyle(node).display") != "none"


def test_polls_are_conditional_and_become_rare(reader, article):
    reader.goto(article.get_absolute_url())
    for _ in range(20):
        wait(reader, 60)
    answers = [request.response().status for request in reader.polls]
    assert 4 <= len(answers) <= 10
    assert "if-none-match" in reader.polls[-1].all_headers()


def test_a_server_that_refuses_is_left_in_peace(reader, article):
    reader.route("**/updates.json", lambda route: route.fulfill(status=429))
    reader.goto(article.get_absolute_url())
    for _ in range(20):
        wait(reader, 60)
    assert 2 <= len(reader.polls) <= 5


def test_nothing_is_asked_while_nobody_looks(reader, article):
    reader.goto(article.get_absolute_url())
    reader.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", {value: true, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    wait(reader, 600)
    assert reader.polls == []
    factories.addendum(article)
    reader.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", {value: false});
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    expect(reader.locator(".update-notice")).to_have_text("1 new update. Show")


def test_a_withdrawn_article_says_so_once_and_is_asked_for_no_more(reader, article):
    reader.goto(article.get_absolute_url())
    publishing.withdraw(article, by=None)
    wait(reader, 40)
    expect(reader.locator(".update-notice")).to_have_text("This article is no longer here. Reload")
    asked = len(reader.polls)
    wait(reader, 3600)
    assert len(reader.polls) == asked


def test_a_recent_time_is_told_relatively_and_shown_in_full_on_focus(open_browser, article):
    page = open_browser()
    page.goto("/")
    time = page.locator(".card--lead time")
    expect(time.locator(".time__relative")).to_have_text("2 h ago")
    before = time.bounding_box()
    time.focus()
    expect(time.locator(".time__relative")).to_be_hidden()
    expect(time.locator(".time__full")).to_contain_text("UTC")
    assert time.bounding_box() == before


def test_a_readers_slow_clock_never_tells_the_future(open_browser, article):
    page = open_browser()
    page.clock.set_fixed_time(clock.now() - dt.timedelta(days=3))
    page.goto("/")
    expect(page.locator(".time__relative").first).to_have_text("just now")


def test_telling_times_moves_nothing(open_browser, article):
    """The cumulative layout shift of home and article, which the browser itself reckons, is nought."""
    factories.addendum(article)
    page = open_browser(viewport={"width": 390, "height": 844})
    for address in ("/", article.get_absolute_url()):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        shift = page.evaluate(
            """() => new Promise(resolve => {
                let total = 0;
                new PerformanceObserver(list => list.getEntries().forEach(entry => total += entry.value))
                    .observe({type: "layout-shift", buffered: true});
                setTimeout(() => resolve(total), 200);
            })"""
        )
        assert shift == 0


def test_printing_shows_the_full_time_and_where_links_lead(open_browser, transactional_db):
    article = factories.published(body='<p><a href="https://example.org/source">The source</a></p>')
    factories.addendum(article, body="<p>Added later.</p>")
    page = open_browser()
    page.goto(article.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.locator("#update-1")).to_be_visible()
    expect(page.locator(".marker .time__relative")).to_be_hidden()
    assert page.locator(".marker .time__full").evaluate("node => getComputedStyle(node).clipPath") == "none"
    after = page.locator(".prose a").first.evaluate("node => getComputedStyle(node, '::after').content")
    assert "https://example.org/source" in after
    expect(page.locator(".masthead__bar")).to_be_hidden()
