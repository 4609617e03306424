"""Fields that a form carries along to know itself by. They are nobody's change, so no log tells of them."""

from django import forms


class Carried:
    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class CarriedText(Carried, forms.CharField):
    pass


class CarriedNumber(Carried, forms.IntegerField):
    pass
