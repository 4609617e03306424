"""
The pages with forms about pledging, every one by its route's name: under the closed policy, stored nowhere, without
inline code, in order for screen readers' structure, and with their forms ending where the policy says.
"""

import datetime as dt
import re

import pytest
from django.urls import get_resolver, reverse
from lxml import html

from donations import defence, manage_access, stamps
from donations.models import Backer, Intent, Payment, Pledge
from tests.donations.reader import Reader

pytestmark = pytest.mark.django_db

TO_THE_PAYMENT_PAGE = {"support", "support_in", "support_back", "support_ready", "manage_pledges"} | {
    "manage_new",
    "manage_currency",
}
# Route by name to how it is opened; None for what is only posted to.
FORM_PAGES = {
    "support": lambda own: reverse("support"),
    "support_in": lambda own: reverse("support_in", args=["eur"]),
    "support_thanks": lambda own: f"{reverse('support_thanks')}?session_id={own.session}",
    "support_back": lambda own: f"{reverse('support_back')}?intent={stamps.name(own.left.pk)}",
    "support_ready": lambda own: f"{reverse('support_ready')}?intent={stamps.name(own.left.pk)}",
    "manage": lambda own: reverse("manage"),
    "manage_link": lambda own: manage_access.link_for(own.backer).removeprefix("http://testserver"),
    "manage_leave": None,
    "manage_pledges": lambda own: reverse("manage_pledges"),
    "manage_amount": lambda own: reverse("manage_amount", args=[own.pledge.pk]),
    "manage_cancel": lambda own: reverse("manage_cancel", args=[own.pledge.pk]),
    "manage_keep": None,
    "manage_pause": None,
    "manage_resume": None,
    "manage_card": None,
    "manage_currencies": lambda own: reverse("manage_currencies", args=[own.pledge.pk]),
    "manage_currency": lambda own: reverse("manage_currency", args=[own.pledge.pk, "eur"]),
    "manage_new": lambda own: reverse("manage_new", args=["gbp"]),
    "manage_history": lambda own: reverse("manage_history"),
    "manage_receipt": lambda own: reverse("manage_receipt", args=[own.payment.pk]),
    "manage_name": lambda own: reverse("manage_name", args=[own.pledge.intent_id]),
    "manage_dedication_hide": None,
    "manage_export": lambda own: reverse("manage_export"),
    "stop_news": None,
    "decline_dedications": None,
}
BY_LETTER = {"stop_news", "decline_dedications"}
POSTED = sorted(name for name, opened in FORM_PAGES.items() if opened is None and name not in BY_LETTER)


class Own:
    """Ada's: a pledge, a form that was left for the payment page, and a cookie."""

    def __init__(self, stand_in):
        self.reader = Reader(stand_in)
        self.session = self.reader.give(message="A message").session_id
        self.reader.ask(choice="5000")
        self.left = Intent.objects.get(amount_minor=5000)
        self.backer, self.pledge, self.payment = Backer.objects.get(), Pledge.objects.get(), Payment.objects.get()
        self.link = FORM_PAGES["manage_link"](self)

    def page(self, name: str):
        if name == "manage":
            self.reader.client.cookies.pop(manage_access.COOKIE, None)
        return self.reader.client.get(FORM_PAGES[name](self))


@pytest.fixture
def own(stand_in, monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())
    own = Own(stand_in)
    own.reader.come_in()
    return own


@pytest.fixture
def pages(own):
    names = sorted(FORM_PAGES, key=lambda name: name == "manage")  # the last, since it is for those outside
    found = {name: own.page(name) for name in names if FORM_PAGES[name]}
    assert {name: page.status_code for name, page in found.items() if page.status_code != 200} == {}
    return found


@pytest.fixture
def html_pages(pages):
    return {name: page for name, page in pages.items() if page["Content-Type"].startswith("text/html")}


def test_every_route_of_pledging_and_managing_stands_here():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.startswith(("support", "manage"))} <= FORM_PAGES.keys() <= names


def test_no_cache_may_keep_one_of_them(pages):
    kept = {name: page.headers["Cache-Control"] for name, page in pages.items()}
    assert {name: said for name, said in kept.items() if "no-store" not in said or "private" not in said} == {}


def test_forms_may_end_at_the_payment_page_where_one_leads_there_and_nowhere_else(pages, stand_in):
    for name, page in pages.items():
        (ends,) = re.findall(r"form-action ([^;]+)", page.headers["Content-Security-Policy"])
        assert ends == (f"'self' {stand_in.address}" if name in TO_THE_PAYMENT_PAGE else "'self'"), name
        assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_nothing_inline_and_nothing_from_elsewhere_stands_in_them(html_pages):
    for name, page in html_pages.items():
        tree = html.fromstring(page.text)
        inline = [each for each in tree.iter("script", "style") if not each.get("src")]
        assert inline + tree.xpath("//@style | //@*[starts-with(name(), 'on')]") == [], name
        loaded = tree.xpath("//*/@src | //link/@href")
        assert [each for each in loaded if not each.startswith("/")] == [], name


def test_each_has_one_heading_and_a_title_of_its_own(html_pages):
    titles = set()
    for name, page in html_pages.items():
        tree = html.fromstring(page.text)
        assert len(tree.xpath("//h1")) == 1, name
        titles.add(tree.findtext(".//title"))
    assert len(titles) >= len(html_pages) - 3  # two currencies, the form again, and the overview behind the door


def test_each_field_has_a_label(html_pages):
    for name, page in html_pages.items():
        tree = html.fromstring(page.text)
        for field in tree.xpath("//main//input[not(@type='hidden')] | //main//textarea"):
            named = field.xpath("ancestor::label") or tree.xpath(f"//label[@for='{field.get('id')}']")
            assert named, (name, field.get("name"))


def test_ids_stand_once(html_pages):
    for name, page in html_pages.items():
        ids = html.fromstring(page.text).xpath("//@id")
        assert len(ids) == len(set(ids)), name


def test_whatever_describes_a_field_is_there(own):
    own.reader.open("/support/")
    page = own.reader.send(choice="other", amount="x", show_name="on")
    tree = html.fromstring(page.text)
    described = {one for each in tree.xpath("//@aria-describedby") for one in each.split() if "hint" not in one}
    assert described == {"amount-error", "kind-error", "public_name-error"}
    assert described <= set(tree.xpath("//@id"))
    assert {each.removeprefix("#") for each in tree.xpath("//main//*[@role='alert']//a/@href")} == described


def test_no_public_page_among_them_names_a_person(html_pages):
    for name in ("support", "support_in", "support_thanks", "manage_link"):
        assert re.findall(r"Ada Abbot|ada@|A message\b", html_pages[name].text) == [], name


def test_only_the_form_and_the_cookie_of_its_token_come_with_a_first_visit(stand_in):
    first = Reader(stand_in)
    first.open("/support/")
    assert set(first.client.cookies) == {"csrftoken"}


@pytest.mark.parametrize("name", POSTED)
def test_what_is_posted_to_cannot_be_read(own, name):
    other = {"manage_card": own.pledge.customer_id, "manage_dedication_hide": own.pledge.intent_id}
    arguments = [other.get(name, own.pledge.pk)]
    arguments = [] if name == "manage_leave" else arguments
    assert own.reader.client.get(reverse(name, args=arguments)).status_code == 405


def test_nothing_public_is_asked_much_of_the_database(own, django_assert_max_num_queries):
    for name in ("support", "support_in", "support_thanks", "support_back", "support_ready", "manage_link"):
        with django_assert_max_num_queries(14):
            own.page(name)
