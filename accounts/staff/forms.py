"""What somebody types at the door of the desk."""

import logging

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm

from accounts.staff import throttle

logger = logging.getLogger(__name__)

NOT_RIGHT = "The address or the password is not that of an account of the desk. Capitals matter in a password."


class PasswordForm(AdminAuthenticationForm):
    """Counted before the password is looked at, and no longer once it was right."""

    error_messages = {**AdminAuthenticationForm.error_messages, "invalid_login": NOT_RIGHT}

    def clean(self):
        email = self.cleaned_data.get("username")
        if email and self.cleaned_data.get("password") and not throttle.may_try_password(self.request, email):
            logger.warning("Somebody was refused at the desk's door: too many attempts")
            raise forms.ValidationError(throttle.TOO_MANY, code="throttled")
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            logger.warning("Somebody was refused at the desk's door: a wrong password or no such account")
            raise
        if email and self.get_user():
            throttle.was_right(self.request, email)
        return cleaned


class FactorForm(forms.Form):
    """A code, or what the browser's key answered."""

    code = forms.CharField(max_length=40, required=False)
    credential = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=60, required=False)
    replaces = forms.BooleanField(required=False)
