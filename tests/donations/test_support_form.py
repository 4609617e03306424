"""What the form understands and what it says no to, without anybody being asked."""

import pytest
from django.core.exceptions import ValidationError

from donations import came_from, stamps
from donations.forms import AmountForm, PledgeForm, tidy, tidy_lines
from donations.models import Currency, Intent
from donations.money import Money
from foundation import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def dollars():
    return Currency.objects.get(pk="USD")


def amount(currency, **told) -> AmountForm:
    form = AmountForm(told, currency=currency)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("25", 2500),
        ("1,000.50", 100050),
        ("1.000,50", 100050),
        ("1 000,50", 100050),
        ("1.000", 100000),
        ("$ 40", 4000),
        ("40 USD", 4000),
        ("12.5", 1250),
        ("3", 300),
        ("5000", 500000),
    ],
)
def test_a_free_amount_is_read_in_either_habit(dollars, typed, minor):
    assert amount(dollars, choice="other", amount=typed).cleaned_data["money"] == Money(minor, "USD")


def test_a_free_amount_needs_no_button(dollars):
    assert amount(dollars, amount="40").cleaned_data["money"] == Money(4000, "USD")


@pytest.mark.parametrize(
    "typed",
    [
        *("0", "0.00", "-5", "−5", "2.99", "5000.01", "5001", "NaN", "nan", "inf", "Infinity", "1e400", "1e3", "0x10"),
        *(
            "1.2.3",
            "1,23,4",
            "10.005",
            "25 EUR",
            "€25",
            "£25",
            "25\x0050",
            "\x00",
            "abc",
            "²⁵",
            "٢٥",
            "1" * 40,
            "1" * 41,
        ),
        *("999999999999999", "1000000000000", "' OR 1=1 --", "<b>25</b>", "25;26", " ", ".", "1" * 40, "1" * 41),
    ],
)
def test_what_is_no_amount_of_this_currency_is_refused_in_words(dollars, typed):
    form = amount(dollars, choice="other", amount=typed)
    (words,) = form.errors["amount"]
    assert "money" not in form.cleaned_data
    assert len(words) > 10


@pytest.mark.parametrize("choice", ["2501", "-2500", "2500.0", "١٠٠٠", "25", "x" * 21, "\x00"])
def test_a_button_that_is_not_on_the_page_is_refused(dollars, choice):
    assert not amount(dollars, choice=choice).is_valid()


def test_the_buttons_are_the_presets(dollars):
    assert amount(dollars, choice="5000").cleaned_data["money"] == Money(5000, "USD")


def test_a_button_and_another_typed_amount_are_asked_about(dollars):
    form = amount(dollars, choice="2500", amount="40")
    assert form.errors["amount"] == ["You chose $25 and typed “40”. Choose “Other amount”, or empty the field."]
    assert amount(dollars, choice="2500", amount="25.00").is_valid()


def test_a_currency_without_decimals_takes_whole_units_only(db):
    yen = Currency.objects.create(code="JPY", presets="1000 3000", minimum_minor=500, maximum_minor=500_000)
    assert amount(yen, amount="1000").cleaned_data["money"] == Money(1000, "JPY")
    assert amount(yen, amount="1,000").cleaned_data["money"] == Money(1000, "JPY")
    assert amount(yen, amount="1000.50").errors["amount"] == ["JPY has no decimals."]
    assert [offer.value for offer in AmountForm(currency=yen).offers] == ["1000", "3000"]


@pytest.mark.parametrize(
    ("code", "refused", "taken", "minor"),
    [("HUF", "2500.50", "2500", 250000), ("ISK", "0.99", "400", 40000), ("KWD", "1.234", "1.230", 1230)],
)
def test_what_stripe_could_not_charge_or_pay_out_is_refused_in_words(db, code, refused, taken, minor):
    currency = Currency.objects.create(code=code, presets="5000", minimum_minor=10, maximum_minor=9_000_000)
    assert "decimals" in amount(currency, amount=refused).errors["amount"][0]
    assert amount(currency, amount=taken).cleaned_data["money"] == Money(minor, code)


def test_a_suggested_amount_that_stripe_could_not_charge_is_refused_in_the_admin(db):
    with pytest.raises(ValidationError, match="without decimals"):
        Currency(code="HUF", presets="5000.50", minimum_minor=100, maximum_minor=9_000_000).clean()


def test_nothing_is_chosen_beforehand(dollars):
    form = PledgeForm(currency=dollars)
    assert not any(offer.is_chosen for offer in form.offers)
    assert not form.is_other
    assert form["kind"].value() is None
    assert not form["show_name"].value()


def test_how_often_has_to_be_said(dollars):
    form = PledgeForm({"choice": "2500"}, currency=dollars)
    assert form.errors == {"kind": ["Choose whether you give every quarter or once."]}
    assert "kind" in PledgeForm({"choice": "2500", "kind": "monthly"}, currency=dollars).errors


def test_a_name_that_is_to_be_shown_has_to_be_typed(dollars):
    told = {"choice": "2500", "kind": "once", "show_name": "on", "public_name": " \u200e \t"}
    assert "public_name" in PledgeForm(told, currency=dollars).errors


@pytest.mark.parametrize(
    ("field", "value"),
    [("public_name", "x" * 81), ("message", "x" * 1001), ("public_name", "a\x00b"), ("message", "a\x00b")],
)
def test_words_that_are_too_long_or_hold_nothing_are_refused(dollars, field, value):
    form = PledgeForm({"choice": "2500", "kind": "once", field: value}, currency=dollars)
    assert list(form.errors) == [field]


def test_words_are_kept_as_plain_lines():
    assert tidy(" Ada\u202e \x07 Abbot\n") == "Ada Abbot"
    assert tidy_lines("One\r\n\r\nTwo\x1b[1m \u2066x\u2069\n") == "One\n\nTwo [1m x"


@pytest.mark.parametrize("path", ["/", "/archive/", "/2026/11/some-article/", "/section/war/"])
def test_an_address_of_this_site_is_kept_as_where_somebody_came_from(path):
    assert came_from.checked(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *("", "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)"),
        *("/admin/", "/support/", "/preview/secret/", "/archive/\n", "/archive/\x00", "/../etc/passwd", "archive/"),
        *("/" + "a" * 501, "/archive/?next=//elsewhere", "/archive/#x", "/é/", "/nothing/of/the/kind/here.php"),
    ],
)
def test_what_is_no_page_of_ours_is_not_kept(path):
    assert came_from.checked(path) == ""


def test_a_stamp_tells_its_intent_and_no_other_text_does():
    stamp = stamps.read(stamps.new())
    assert stamps.read(stamps.new(stamp.intent_id)).intent_id == stamp.intent_id
    made = stamps.new()
    for forged in [
        "",
        "x",
        made[:-1],
        made[1:],
        made + "x",
        made.swapcase(),
        "\x00",
        "a" * 10_000,
        stamps.name(stamp.intent_id),
    ]:
        with pytest.raises(stamps.StampUnusable):
            stamps.read(forged)


def test_a_stamp_is_over_after_a_day(time_machine):
    time_machine.move_to(clock.real_now())
    made = stamps.new()
    time_machine.shift(stamps.GOOD_FOR.total_seconds() - 10)
    stamps.read(made)
    time_machine.shift(20)
    with pytest.raises(stamps.StampUnusable):
        stamps.read(made)


def test_the_way_back_names_an_intent_and_cannot_be_invented():
    intent_id = stamps.read(stamps.new()).intent_id
    assert stamps.named(stamps.name(intent_id)) == intent_id
    assert stamps.name(intent_id) == stamps.name(intent_id)
    for forged in ["", intent_id.hex, f"{intent_id.hex}:x", "\x00", "é" * 500]:
        with pytest.raises(stamps.StampUnusable):
            stamps.named(forged)


def test_every_kind_has_words():
    assert {kind.label for kind in Intent.Kind} == {"every quarter", "once"}


@pytest.mark.parametrize(
    ("form", "field"),
    [(PledgeForm, "public_name"), (PledgeForm, "message"), (PledgeForm, "amount"), (PledgeForm, "for_email")],
)
def test_a_character_that_no_database_keeps_is_told_in_plain_words(dollars, form, field):
    bound = form({"kind": "once", "choice": "2500", field: "a\x00b"}, currency=dollars)
    assert any("invisible character" in each for each in bound.errors[field])
    assert not any("Null" in each for each in bound.errors[field])
