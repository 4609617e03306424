"""
Who is at work while the readers read: an editor, commenters and backers. Each is a thread; the editor uses the site's
own verbs, the others come over HTTP as people do.
"""

import http.client
import http.cookiejar
import random
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
import uuid

from lxml import html

from benchmarks.load.verdict import Published, Withdrawn

TIMEOUT_SECONDS = 30
READS_A_FORM_FOR = 4  # seconds; sooner is a robot's
FORMS_AT_ONCE = 8
REFUNDED = 0.2  # of all pledges and gifts


class Worker(threading.Thread):
    """Does `work` every so many seconds until told to stop. What goes wrong is a fault of the run, told at its end."""

    every = 1.0

    def __init__(self):
        super().__init__(daemon=True, name=type(self).__name__)
        self.over = threading.Event()
        self.done, self.faults = 0, []

    def run(self) -> None:
        from django.db import connections

        while not self.over.wait(self.every):
            try:
                self.work()
                self.done += 1
            except Exception:
                self.faults.append(f"{self.name}: {traceback.format_exc(limit=-4)}")
        connections.close_all()

    def stop(self) -> None:
        self.over.set()
        self.join(timeout=TIMEOUT_SECONDS * 2)


class Editor(Worker):
    """Adds a dated update to one of the watched articles, now and then publishes another or withdraws one for good."""

    every = 1.5

    def __init__(self, watched: list, *, to_withdraw: list, seed: int):
        super().__init__()
        self.watched, self.to_withdraw = watched, to_withdraw
        self.chance = random.Random(seed)
        self.revisions = dict.fromkeys((article.pk for article in watched), 0)
        self.published: list[Published] = []
        self.withdrawn: list[Withdrawn] = []
        self.new = 0

    def work(self) -> None:
        if self.done % 6 == 4:
            self.publish_another()
        elif self.done % 10 == 7 and self.to_withdraw:
            self.withdraw_one()
        else:
            self.update_one()

    def update_one(self) -> None:
        from articles import publishing

        article = self.chance.choice(self.watched)
        number = self.revisions[article.pk] + 1
        publishing.add_addendum(article, kind="update", body=f"<p>Revision {number} of the load</p>")
        self.revisions[article.pk] = number
        self.published.append(Published(article.get_absolute_url(), time.time(), number))

    def publish_another(self) -> None:
        from articles import publishing
        from articles.models import Article, Author, Byline

        self.new += 1
        first = self.watched[0]
        article = Article.objects.create(
            headline=f"Written in a hurry, part {self.new}",
            slug=f"written-in-a-hurry-{uuid.uuid4().hex[:8]}",
            standfirst="Published while many read.",
            body="<p>One paragraph that everybody wants to read at once.</p>",
            section=first.section,
        )
        Byline.objects.create(article=article, author=Author.objects.first(), position=0)
        publishing.publish(article, by=None)

    def withdraw_one(self) -> None:
        from articles import publishing

        article = self.to_withdraw.pop()
        publishing.withdraw(article, by=None)
        self.withdrawn.append(Withdrawn(article.get_absolute_url(), time.time()))


class Commenter(Worker):
    """A guest for each comment, from a network of their own. Forms lie open for a while, as with people."""

    every = 0.5

    def __init__(self, articles: list, *, base: str, seed: int):
        super().__init__()
        self.articles, self.base = articles, base
        self.chance = random.Random(seed)
        self.open_forms: list[tuple[float, Guest]] = []
        self.sent = 0

    def work(self) -> None:
        if len(self.open_forms) < FORMS_AT_ONCE:
            guest = Guest(self.base, self.chance)
            guest.open(self.chance.choice(self.articles))
            self.open_forms.append((time.monotonic(), guest))
        if time.monotonic() - self.open_forms[0][0] > READS_A_FORM_FOR:
            _opened, guest = self.open_forms.pop(0)
            guest.send()
            self.sent += 1


class _From(urllib.request.HTTPHandler):
    """Asks from an address of its own, for the site counts by addresses."""

    def __init__(self, source: tuple[str, int]):
        super().__init__()
        self.source = source

    def http_open(self, request):
        return self.do_open(http.client.HTTPConnection, request, source_address=self.source)


class Guest:
    """One person with a browser without scripts."""

    def __init__(self, base: str, chance: random.Random):
        self.base, self.mark = base, uuid.UUID(int=chance.getrandbits(128)).hex[:12]
        self.source = (f"127.{chance.randint(2, 250)}.{chance.randint(1, 250)}.{chance.randint(1, 250)}", 0)
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(_From(self.source), cookies)
        self.action, self.fields = "", {}

    def open(self, article) -> None:
        from django.urls import reverse

        page = self.ask(reverse("comment_write", args=[article.uid]))
        form = next(each for each in html.fromstring(page).forms if "writing" in each.get("class", ""))
        self.action = form.get("action")
        self.fields = {name: value or "" for name, value in form.form_values()}

    def send(self) -> None:
        words = f"I have followed this for years, and part {self.mark} of it is news to me. Thank you."
        typed = {"text": words, "name": f"Reader {self.mark}", "email": f"{self.mark}@example.org"}
        self.ask(self.action, urllib.parse.urlencode({**self.fields, **typed}).encode())

    def ask(self, path: str, body: bytes | None = None) -> str:
        request = urllib.request.Request(f"{self.base}{path}", data=body)  # noqa: S310
        request.add_header("Referer", f"{self.base}{path}")
        with self.browser.open(request, timeout=TIMEOUT_SECONDS) as answer:
            if answer.status != http.client.OK:
                raise ValueError(f"{path} answered {answer.status}")
            return answer.read().decode()


class Backers(Worker):
    """Pledges and gifts in five currencies, some given back; Stripe's stand-in tells the site by signed webhooks."""

    every = 0.7

    def __init__(self, stand_in, *, seed: int):
        super().__init__()
        self.stand_in, self.chance = stand_in, random.Random(seed)
        self.refunded = 0

    def work(self) -> None:
        from tests.donations import year

        part = year.Part(
            hour=self.done,
            person=self.chance.randrange(60),
            currency=self.chance.choice(year.CURRENCIES),
            minor=self.chance.choice((1000, 2500, 4000)),
            kind=self.chance.choice(("quarterly", "once")),
        )
        session = year.ask_for(part)
        self.stand_in.complete(session, card=year.PAYS, email=part.email, name=f"Person {part.person}")
        if self.chance.random() < REFUNDED:
            found = self.stand_in.find(f"checkout/sessions/{session}")
            year.refund(self.stand_in, year.Made(found["customer"], found["subscription"] or "", ""))
            self.refunded += 1
