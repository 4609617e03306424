"""
A new password: whoever came in with the old one is out at once, wherever that was, and the owner hears of it. The
session in which somebody changes their own goes on.
"""

from allauth.core import context
from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm as OwnForm
from django.contrib.auth.forms import AdminPasswordChangeForm as AnothersForm
from django.contrib.auth.forms import SetUnusablePasswordMixin
from django.db import transaction

from accounts.models import User
from accounts.staff import letters, rights, sessions, throttle

# The script of the admin shows the second sentence when "None" is chosen.
WITHOUT_ONE = (
    "Without a password this person cannot sign in at the desk."
    '<ul id="id_unusable_warning" class="messagelist"><li class="warning">The password of now will be lost.</li></ul>'
)


def password_or_none(help_text: str) -> forms.ChoiceField:
    """The admin's choice between the two, in words for whoever administers people."""
    field = SetUnusablePasswordMixin.create_usable_password_field(help_text)
    field.label, field.choices = "A password", [("true", "Set one here"), ("false", "None")]
    return field


class OwnPasswordForm(OwnForm):
    """One's own, with the old one, which may be tried as often as at the door."""

    def clean_old_password(self):
        if self.cleaned_data["old_password"] and not throttle.may_try_old_password(self.user):
            raise forms.ValidationError(throttle.TOO_MANY, code="throttled")
        return super().clean_old_password()

    @transaction.atomic
    def save(self, commit=True):
        user = super().save(commit)
        _changed(user)
        return user


class PasswordForm(AnothersForm):
    """Somebody else's, by whoever administers people; or one's own, that way."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "usable_password" in self.fields:
            self.fields["usable_password"] = password_or_none(WITHOUT_ONE)

    @transaction.atomic
    def save(self, commit=True):
        user = super().save(commit)
        if not _is_own(user):
            rights.write(user, "a new password was set" if user.has_usable_password() else "the password was taken")
        _changed(user)
        return user


def _changed(user: User) -> None:
    sessions.end(user, but=context.request.session.session_key if _is_own(user) else "")
    if user.is_staff:
        told = "Your password was changed. Wherever else you were signed in at the desk, you no longer are."
        letters.tell(user, "Your password was changed", told)


def _is_own(user: User) -> bool:
    return context.request is not None and context.request.user.pk == user.pk
