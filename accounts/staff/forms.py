"""What somebody types at the door of the desk."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm

from accounts.staff import throttle


class PasswordForm(AdminAuthenticationForm):
    """Counted before the password is looked at."""

    def clean(self):
        email = self.cleaned_data.get("username")
        if email and self.cleaned_data.get("password") and not throttle.may_try_password(self.request, email):
            raise forms.ValidationError(throttle.TOO_MANY, code="throttled")
        return super().clean()


class FactorForm(forms.Form):
    """A code, or what the browser's key answered."""

    code = forms.CharField(max_length=40, required=False)
    credential = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=60, required=False)
