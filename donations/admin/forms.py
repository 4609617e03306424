"""Fields that several of the money forms share."""

import uuid

from django import forms

from donations import money, people
from donations.mode import is_live
from donations.models import Backer, Currency
from donations.money import Money


class AmountField(forms.CharField):
    """An amount as a person types it. The currency is known to the form: `read(currency)` makes money of it."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "vMoneyField"})
        super().__init__(**{"max_length": 40, "widget": widget, **kwargs})


def read_amount(form: forms.Form, field: str, currency: str) -> Money | None:
    """None, and an error beside the field, for what is no amount of that currency above zero."""
    try:
        amount = money.parse(form.cleaned_data[field], currency)
    except money.NotAnAmount as error:
        form.add_error(field, str(error))
        return None
    if not amount:
        form.add_error(field, "It must be above zero.")
        return None
    return amount


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class KeyField(forms.UUIDField):
    """Made when the page is drawn and kept by whatever is sent from it: what is done twice is one deed."""

    def __init__(self, **kwargs):
        super().__init__(**{"widget": forms.HiddenInput, "initial": uuid.uuid4, **kwargs})


class BackerField(forms.CharField):
    """A backer by number or by e-mail, folded as the ledger folds it."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"})
        super().__init__(**{"max_length": 254, "widget": widget, **kwargs})


def read_backer(form: forms.Form, field: str) -> Backer | None:
    """None, and an error beside the field, for somebody who is not known."""
    written = form.cleaned_data.get(field, "").strip().removeprefix("#")
    if written.isdecimal() and len(written) < 19:
        found = Backer.objects.filter(pk=int(written), livemode=is_live()).first()
    else:
        found = people.find(written, livemode=is_live())
    if found is None:
        form.add_error(field, "No backer has that number or address.")
    return found


class CurrencyField(forms.ChoiceField):
    """Those of the site, offered at the moment or not."""

    def __init__(self, **kwargs):
        super().__init__(**{"choices": currencies, **kwargs})


def currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in Currency.objects.values_list("code", flat=True)]
