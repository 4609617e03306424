"""
What backers type. An amount is a preset or free text in either habit of writing; nothing is chosen beforehand. Every
refusal says what to do next.
"""

import re
import unicodedata
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from donations import came_from
from donations.confirmation import Terms
from donations.dedications import Wish
from donations.models import Currency, Dedication, Intent
from donations.money import Money, NotAnAmount, insist_on_chargeable, parse, symbol

OTHER = "other"
NO_SUCH_CHARACTER = "There is an invisible character in it that cannot be kept. Please type it anew."
# What a mail program would make a link of. One that only looks so, “end.Then”, is told how to get by.
_ADDRESS = re.compile(r"\S*(?:://|\bwww\.|@)\S*|\b[\w-]+\.[^\W\d_]{2,}\S*", re.IGNORECASE)
_TURNS_TEXT_AROUND = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def tidy(text: str) -> str:
    """One line without control characters and without marks that turn the text around them."""
    text = _TURNS_TEXT_AROUND.sub("", unicodedata.normalize("NFC", text))
    return " ".join("".join(" " if unicodedata.category(each) == "Cc" else each for each in text).split())


def tidy_lines(text: str) -> str:
    lines = [tidy(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip()


@dataclass(frozen=True)
class Offer:
    """A preset as the page shows it."""

    money: Money
    is_chosen: bool

    @property
    def value(self) -> str:
        return str(self.money.minor)

    @property
    def in_a_year(self) -> Money:
        return Money(4 * self.money.minor, self.money.currency)


class PlainForm(forms.Form):
    """Where Django speaks of its own affairs, we say what is to be done."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["null_characters_not_allowed"] = NO_SUCH_CHARACTER


class AmountForm(PlainForm):
    """`cleaned_data["money"]` is what was asked for, within the currency's limits."""

    choice = forms.CharField(required=False, max_length=20)
    amount = forms.CharField(required=False, max_length=40, error_messages={"max_length": "That is no amount."})

    def __init__(self, *args, currency: Currency, **kwargs):
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.presets = currency.preset_amounts()

    @property
    def offers(self) -> list[Offer]:
        chosen = str(self["choice"].value() or "")
        return [Offer(each, str(each.minor) == chosen) for each in self.presets]

    @property
    def is_other(self) -> bool:
        """Whether the free amount is on: chosen, or typed without choosing anything."""
        chosen = str(self["choice"].value() or "")
        return chosen == OTHER or bool(not chosen and self["amount"].value())

    @property
    def sign(self) -> str:
        return symbol(self.currency.code).strip()

    def clean(self):
        cleaned = super().clean()
        if "choice" in self.errors or "amount" in self.errors:
            return cleaned
        try:
            asked = self._money(cleaned.get("choice", ""), cleaned.get("amount", ""))
            cleaned["money"] = insist_on_chargeable(self._within_limits(asked))
        except (NotAnAmount, ValidationError) as error:
            self.add_error("amount", error.messages[0] if isinstance(error, ValidationError) else str(error))
        return cleaned

    def _money(self, choice: str, typed: str) -> Money:
        preset = next((each for each in self.presets if str(each.minor) == choice), None)
        if preset is None:
            if choice not in ("", OTHER):
                raise ValidationError("Choose one of the amounts, or type your own.")
            if not typed:
                raise ValidationError("Choose an amount, or type your own.")
            return parse(typed, self.currency.code)
        if typed and parse(typed, self.currency.code) != preset:
            raise ValidationError(f"You chose {preset} and typed “{typed}”. Choose “Other amount”, or empty the field.")
        return preset

    def _within_limits(self, money: Money) -> Money:
        if money < self.currency.minimum:
            raise ValidationError(f"The smallest amount is {self.currency.minimum.with_code}.")
        if self.currency.maximum < money:
            raise ValidationError(
                f"The largest amount here is {self.currency.maximum.with_code}. For more, please write to us."
            )
        return money


class WordsMixin(PlainForm):
    """The name for the backers' page, by opt-in, and a message."""

    show_name = forms.BooleanField(required=False)
    public_name = forms.CharField(
        required=False,
        max_length=Intent._meta.get_field("public_name").max_length,
        error_messages={"max_length": "A name has at most %(limit_value)d characters here."},
    )
    message = forms.CharField(
        required=False,
        max_length=Intent._meta.get_field("message").max_length,
        error_messages={"max_length": "A message has at most %(limit_value)d characters; yours has %(show_value)d."},
    )

    def clean_public_name(self) -> str:
        return tidy(self.cleaned_data["public_name"])

    def clean_message(self) -> str:
        return tidy_lines(self.cleaned_data["message"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("show_name") and cleaned.get("public_name") == "":
            self.add_error("public_name", "Type the name that is to be shown, or leave the box unticked.")
        return cleaned


class PlainEmailField(forms.EmailField):
    """Full-width letters, as some keyboards write them, are the plain ones."""

    def to_python(self, value: str | None) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value)).strip()


def _insist_on_plain_words(text: str) -> str:
    """For what goes to somebody who did not ask for it: our letters carry nobody's links."""
    found = _ADDRESS.search(text)
    if found:
        raise ValidationError(
            f"“{found[0][:40]}” looks like an address on the web or for mail, and we pass none on. Please leave it out,"
            " or put a space after the full stop."
        )
    return text


class OnBehalfMixin(PlainForm):
    """A gift in somebody else's name. `cleaned_data["wish"]` is None where none is typed."""

    WISH = ("for_name", "for_shown", "for_email", "for_giver", "for_words")

    for_name = forms.CharField(
        required=False,
        max_length=Dedication._meta.get_field("name").max_length,
        error_messages={"max_length": "A name has at most %(limit_value)d characters here."},
    )
    for_shown = forms.BooleanField(required=False)
    for_email = PlainEmailField(
        required=False,
        max_length=254,
        error_messages={"invalid": "This does not look like an e-mail address. Is a letter missing?"},
    )
    for_giver = forms.CharField(
        required=False,
        max_length=Dedication._meta.get_field("giver").max_length,
        error_messages={"max_length": "A name has at most %(limit_value)d characters here."},
    )
    for_words = forms.CharField(
        required=False,
        max_length=Dedication._meta.get_field("words").max_length,
        error_messages={"max_length": "The letter takes at most %(limit_value)d characters; yours has %(show_value)d."},
    )

    def clean_for_name(self) -> str:
        return _insist_on_plain_words(tidy(self.cleaned_data["for_name"]))

    def clean_for_giver(self) -> str:
        return _insist_on_plain_words(tidy(self.cleaned_data["for_giver"]))

    def clean_for_words(self) -> str:
        return _insist_on_plain_words(tidy_lines(self.cleaned_data["for_words"]))

    def clean(self):
        cleaned = super().clean()
        typed = {name: name in self.errors or bool(cleaned.get(name)) for name in self.WISH}
        cleaned["wish"] = None
        if any(typed.values()):
            self._insist_on_whole(typed, cleaned.get("kind", ""))
            if not set(self.WISH) & set(self.errors):
                cleaned["wish"] = Wish(**{name.removeprefix("for_"): cleaned[name] for name in self.WISH})
        return cleaned

    def _insist_on_whole(self, typed: dict[str, bool], kind: str) -> None:
        """What is missing beside what was typed, all of it at once."""
        if kind == Intent.Kind.QUARTERLY and "for_name" not in self.errors:
            self.add_error("for_name", "A gift in somebody’s name is given once. Choose “Once”, or empty this part.")
        elif not typed["for_name"]:
            self.add_error("for_name", "Type in whose name you give, or empty this part.")
        if typed["for_email"] and not typed["for_giver"]:
            self.add_error("for_giver", "Type your name, so that they know from whom the letter is.")
        if typed["for_words"] and not typed["for_email"]:
            self.add_error("for_email", "Type where the letter with your words is to go, or take the words out.")


class PledgeForm(WordsMixin, OnBehalfMixin, AmountForm):
    """The support page's own. `homepage` is a trap: people do not see it."""

    field_order = ("kind", "choice", "amount")

    kind = forms.ChoiceField(
        choices=Intent.Kind.choices,
        error_messages={
            "required": "Choose whether you give every quarter or once.",
            "invalid_choice": "Choose whether you give every quarter or once.",
        },
    )
    came_from = forms.CharField(required=False)
    homepage = forms.CharField(required=False)

    def clean_came_from(self) -> str:
        return came_from.checked(self.cleaned_data["came_from"])

    @property
    def terms(self) -> Terms:
        """What a confirmation is bound to."""
        return Terms(self.cleaned_data["kind"], self.cleaned_data["money"])


def typed(intent: Intent, currency: Currency) -> dict:
    """What somebody typed for this intent, to begin the form with once more."""
    is_preset = intent.amount in currency.preset_amounts()
    return {
        "kind": intent.kind,
        "choice": str(intent.amount_minor) if is_preset else OTHER,
        "amount": "" if is_preset else intent.amount.typed,
        "public_name": intent.public_name,
        "show_name": intent.name_status != Intent.NameStatus.HIDDEN,
        "message": intent.message,
        "came_from": intent.came_from,
        **_typed_wish(intent),
    }


def _typed_wish(intent: Intent) -> dict:
    gift = getattr(intent, "dedication", None)
    if gift is None:
        return {}
    return {
        "for_name": gift.name,
        "for_shown": gift.name_status != Intent.NameStatus.HIDDEN,
        "for_email": gift.email,
        "for_giver": gift.giver,
        "for_words": gift.words,
    }


class ManageForm(PlainForm):
    email = PlainEmailField(
        max_length=254,
        error_messages={
            "required": "Type the e-mail address that you gave when you pledged.",
            "invalid": "This does not look like an e-mail address. Is a letter missing?",
        },
    )


class CancelForm(PlainForm):
    reason = forms.CharField(
        required=False,
        max_length=1000,
        error_messages={"max_length": "Please keep it under %(limit_value)d characters; yours has %(show_value)d."},
    )

    def clean_reason(self) -> str:
        return tidy_lines(self.cleaned_data["reason"])


class NameForm(WordsMixin):
    """Of one gift, later: shown or not."""
