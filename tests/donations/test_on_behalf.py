"""Gifts in somebody else's name: on the form, in the one letter, in public by consent, and forgotten again."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.management import call_command

from donations import dedications, defence, forgetting, letters, own_data, people, public_names, stamps
from donations.models import Backer, Contribution, DeclinedAddress, Dedication, Intent, Payment
from foundation import clock
from foundation.models import Letter
from tests.donations.reader import Reader

pytestmark = pytest.mark.django_db

ROSE = {
    "kind": "once",
    "for_name": "Rose Abbot",
    "for_email": "rose@example.org",
    "for_giver": "Ada",
    "for_words": "Many happy returns",
}


def to_rose():
    return Letter.objects.filter(kind="dedication")


def stop_link() -> str:
    return urlsplit(to_rose().get().stop_url).path


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())


@pytest.fixture
def clock_of_the_test():
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def reader(stand_in):
    return Reader(stand_in)


@pytest.fixture
def given(reader):
    """Ada has given in Rose's name, and paid."""
    return reader.give(**ROSE)


class TestTheForm:
    def test_it_is_closed_at_first_and_open_with_what_was_typed(self, reader):
        reader.open()
        assert "This is a gift on behalf of somebody" in reader.said()
        assert b'<details class="words" open' not in reader.page.content
        reader.send(for_name="Rose Abbot")
        assert b'<details class="words" open' in reader.page.content
        assert reader.form()["for_name"] == "Rose Abbot"

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"kind": "quarterly"}, "is given once"),
            ({"for_name": ""}, "Type in whose name you give"),
            ({"for_giver": ""}, "Type your name"),
            ({"for_email": ""}, "Type where the letter"),
            ({"for_email": "rose"}, "does not look like an e-mail address"),
            ({"for_words": "Look at https://spam.example/x"}, "looks like an address"),
            ({"for_words": "Look at spam.example now"}, "looks like an address"),
            ({"for_words": "Write to me@spam.example"}, "looks like an address"),
            ({"for_name": "www.spam.example"}, "looks like an address"),
            ({"for_giver": "Casino http://x"}, "looks like an address"),
            ({"for_words": "x" * 301}, "at most 300 characters"),
            ({"for_name": "x" * 81}, "at most 80 characters"),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_typed_is_lost(self, reader, typed, words):
        told = {**ROSE, **typed}
        assert reader.ask(**told).status_code == 422
        assert words in reader.said()
        form = reader.form()
        assert {name: form[name] for name in told if name != "kind"} == {
            name: value for name, value in told.items() if name != "kind"
        }
        assert not Intent.objects.exists()

    def test_everything_that_is_wrong_is_said_at_once(self, reader):
        reader.ask(kind="quarterly", for_name="Rose", for_email="rose@example.org", for_words="www.spam.example")
        for words in ("is given once", "looks like an address", "Type your name"):
            assert words in reader.said()

    @pytest.mark.parametrize("words", ["Dear Dr. Who, thanks. And 3.50 more", "So long … and thanks!", "E.g. this one"])
    def test_ordinary_words_are_no_address(self, reader, words):
        assert reader.ask(**ROSE | {"for_words": words}).status_code == 303

    def test_stripe_is_told_no_name(self, reader, stand_in):
        reader.ask(**ROSE)
        (session,) = stand_in.see("rows")["checkout.session"]
        assert set(session["metadata"]) == {"site", "intent"}
        assert "Rose" not in str(session)

    def test_what_was_typed_comes_back_from_the_payment_page_and_may_be_changed(self, reader):
        reader.ask(**ROSE, for_shown="on")
        intent = Intent.objects.get()
        way_back = f"/support/back/?intent={stamps.name(intent.pk)}"
        reader.open(way_back)
        assert {**reader.form(), "kind": "once"} | ROSE | {"for_shown": "on"} == {**reader.form(), "kind": "once"}
        reader.send("/support/", for_name="Rosa Abbot")
        assert Dedication.objects.get().name == "Rosa Abbot"
        reader.open(way_back)
        reader.send("/support/", **{**dict.fromkeys(ROSE, ""), "kind": "once", "for_shown": None})
        assert not Dedication.objects.exists()


class TestTheLetter:
    def test_it_goes_once_when_the_payment_has_come(self, reader):
        reader.ask(**ROSE)
        session = reader.session()
        assert not to_rose().exists()
        reader.pay(session)
        for _ in range(3):
            reader.thanks(session)
            letters.payment_recorded(Payment.objects.get())
        letter = to_rose().get()
        assert letter.to == "rose@example.org"
        assert "Many happy returns" in letter.text
        assert "Ada has given" in letter.text
        assert "25" not in letter.subject + letter.text.split("http")[0]
        assert Dedication.objects.get().email == ""
        assert "in the name of Rose Abbot" in reader.said()

    def test_no_declined_or_abandoned_payment_brings_one(self, reader):
        reader.ask(**ROSE)
        with pytest.raises(Exception, match="declined|402"):
            reader.pay(reader.session(), card="4000000000000002")
        reader.thanks(reader.session())
        call_command("prune_donations", verbosity=0)
        assert not to_rose().exists()
        assert Dedication.objects.get().email == "rose@example.org"

    def test_the_same_gift_without_an_address_writes_to_nobody(self, reader):
        reader.give(kind="once", for_name="Rose Abbot")
        assert Letter.objects.count() == 1
        assert not to_rose().exists()

    def told(self, stand_in, address: str = "203.0.113.9") -> int:
        before = to_rose().count()
        Reader(stand_in, address=address).give(**ROSE, email="giver@example.org")
        return to_rose().count() - before

    def test_who_declined_hears_nothing_again_and_has_the_name_taken_away(self, stand_in, given, client):
        page = client.get(stop_link())
        assert b"No more letters" in page.content
        assert not DeclinedAddress.objects.exists()
        assert client.post(stop_link(), {"List-Unsubscribe": "One-Click"}).status_code == 200
        gift = Dedication.objects.get()
        assert (gift.name, gift.words) == ("", "")
        assert to_rose().get().text == ""
        assert self.told(stand_in) == 0

    def test_a_made_up_link_declines_nothing(self, given, client):
        assert client.post("/support/letters/decline/made-up/").status_code == 404
        assert not DeclinedAddress.objects.exists()

    @pytest.mark.parametrize("reason", ["forgotten_at", "news_stopped_at"])
    def test_a_backer_who_stopped_letters_or_was_forgotten_hears_nothing(self, stand_in, reason):
        rose = people.find_or_make_by_email("Rose@Example.org", livemode=False, name="", at=clock.now())
        assert self.told(stand_in) == 1
        Backer.objects.filter(pk=rose.pk).update(**{reason: clock.now()})
        assert self.told(stand_in, "203.0.113.10") == 0

    def test_one_address_has_three_in_three_months_whoever_gives(self, stand_in):
        assert [self.told(stand_in, f"203.0.113.{n}") for n in range(5)] == [1, 1, 1, 0, 0]

    def untold(self, reader, monkeypatch) -> Payment:
        """Paid, and the letter is still to be written."""
        with monkeypatch.context() as held:
            held.setattr(dedications, "tell", lambda payment: None)
            reader.give(**ROSE)
        return Payment.objects.get()

    def test_money_that_went_back_or_may_be_stolen_brings_none(self, reader, monkeypatch):
        payment = self.untold(reader, monkeypatch)
        Contribution.objects.update(state="gone", amount_minor=0)
        assert dedications.tell(payment) is None
        Contribution.objects.update(state="paid", amount_minor=2500)
        Payment.objects.update(fraud_warned_at=clock.now())
        assert dedications.tell(Payment.objects.get()) is None
        Payment.objects.update(fraud_warned_at=None)
        assert dedications.tell(Payment.objects.get()) is not None

    def test_what_is_found_late_writes_to_nobody(self, reader, monkeypatch):
        self.untold(reader, monkeypatch)
        Payment.objects.update(succeeded_at=clock.now() - dt.timedelta(days=8))
        assert dedications.tell(Payment.objects.get()) is None
        assert not to_rose().exists()

    def test_names_put_no_markup_into_it(self, reader):
        reader.give(**ROSE | {"for_giver": "<b>Ada</b>", "for_words": "<img src=x>"})
        assert "<b>Ada" not in to_rose().get().html
        assert "<img" not in to_rose().get().html
        assert "&lt;img src=x&gt;" in to_rose().get().html


def test_the_payer_is_the_one_who_is_counted(given):
    assert Backer.objects.get().email == "ada@example.org"
    assert people.find("rose@example.org", livemode=False) is None


class TestTheName:
    @pytest.fixture
    def shown(self, reader):
        return reader.give(**ROSE, for_shown="on")

    def test_it_is_shown_by_wish_and_approval_only(self, shown, client):
        assert Dedication.objects.get().name_status == "pending"
        assert "Rose Abbot" not in client.get("/support/backers/").text
        Dedication.objects.update(name_status="approved")
        assert public_names.honoured() == ["Rose Abbot"]
        assert "Rose Abbot" in client.get("/support/backers/").text

    def test_without_the_wish_no_approval_helps(self, given, admin_client):
        url = "/admin/donations/dedication/"
        told = {"action": "approve", "_selected_action": [str(given.pk)]}
        assert "not meant to be shown" in admin_client.post(url, told, follow=True).text
        assert public_names.honoured() == []

    def test_an_editor_decides(self, shown, admin_client):
        assert "Rose Abbot" in admin_client.get("/admin/").text
        url = "/admin/donations/dedication/"
        told = {"action": "approve", "_selected_action": [str(shown.pk)]}
        assert "1 decided" in admin_client.post(url, told, follow=True).text
        assert public_names.honoured() == ["Rose Abbot"]
        page = admin_client.get(f"{url}{shown.pk}/change/")
        assert page.status_code == 200
        assert "$25" not in page.text

    def test_the_giver_takes_it_back(self, shown, reader):
        Dedication.objects.update(name_status="approved")
        reader.come_in()
        reader.open("/support/manage/history/")
        assert "In the name of Rose Abbot" in reader.said()
        hide = f"/support/manage/names/{shown.pk}/hide/"
        assert Reader().client.post(hide).headers["Location"] == "/support/manage/?over=1"
        assert public_names.honoured() == ["Rose Abbot"]
        reader.send(hide)
        assert public_names.honoured() == []

    def test_nobody_else_takes_it_back(self, shown, stand_in):
        Dedication.objects.update(name_status="approved")
        other = Reader(stand_in, address="203.0.113.20")
        other.give(kind="once", email="else@example.org")
        other.come_in("else@example.org")
        assert other.client.post(f"/support/manage/names/{shown.pk}/hide/").status_code == 404
        assert public_names.honoured() == ["Rose Abbot"]


class TestForgetting:
    def test_with_the_giver_goes_whom_they_gave_for(self, given):
        forgetting.forget(Backer.objects.get())
        gift = Dedication.objects.get()
        assert (gift.name, gift.giver, gift.email, gift.words, gift.email_hash) == ("", "", "", "", "")
        assert to_rose().get().text == ""

    def test_the_other_persons_own_receipts_stay_when_the_giver_is_forgotten(self, given, stand_in):
        Reader(stand_in, address="203.0.113.30").give(email="rose@example.org", kind="once")
        forgetting.forget(Backer.objects.get(email="ada@example.org"))
        assert Letter.objects.get(kind="thanks", folded_to="rose@example.org").text

    def test_a_forgotten_backer_is_forgotten_in_gifts_of_others_too(self, given, stand_in):
        Reader(stand_in, address="203.0.113.31").give(email="Rose@example.org", kind="once")
        rose = Backer.objects.get(email="Rose@example.org")
        (told,) = own_data.of(rose)["gifts of others in your name"]
        assert (told["given by"], told["words"]) == ("Ada", "Many happy returns")
        forgetting.forget(rose)
        assert Dedication.objects.get().name == ""
        assert to_rose().get().to == ""

    def test_the_giver_is_told_what_they_typed(self, given):
        ((payment,)) = own_data.of(Backer.objects.get())["payments"]
        assert payment["in the name of"]["name"] == "Rose Abbot"

    def test_an_editor_forgets_whoever_asks(self, given, admin_client):
        told = {"action": "forget", "_selected_action": [str(given.pk)]}
        admin_client.post("/admin/donations/dedication/", told)
        assert Dedication.objects.get().name == ""
        assert DeclinedAddress.objects.count() == 1

    def test_address_and_letter_go_when_they_are_needed_no_more(self, clock_of_the_test, given):
        clock_of_the_test.move_to(clock.now() + dt.timedelta(days=6))
        call_command("prune_donations", verbosity=0)
        assert to_rose().get().to == "rose@example.org"
        clock_of_the_test.move_to(clock.now() + dt.timedelta(days=2))
        call_command("prune_donations", verbosity=0)
        assert to_rose().get().to == ""
        assert Letter.objects.get(kind="thanks").to == "ada@example.org"

    def test_forms_that_nobody_paid_lose_the_address_after_a_month_and_all_after_two(self, clock_of_the_test, reader):
        reader.ask(**ROSE)
        clock_of_the_test.move_to(clock.now() + dt.timedelta(days=31))
        dedications.prune()
        assert Dedication.objects.get().email == ""
        clock_of_the_test.move_to(clock.now() + dt.timedelta(days=30))
        dedications.prune()
        assert not Dedication.objects.exists()
