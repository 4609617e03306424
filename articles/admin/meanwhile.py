"""
Two people, or a person and a platform, at the same row: who saves last is told, and overwrites nobody unknowingly.
For forms without a history of versions; an article has its own, stronger guard.
"""

import hashlib
import json

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.safestring import mark_safe

CHANGED_MEANWHILE = mark_safe(
    "This was changed while the page was open, and nothing was saved. What you typed stands below. "
    '<a href="" target="_blank">Look at what is stored now</a>, or save again to put yours in its place.'
)


class GuardedForm(forms.ModelForm):
    """
    Carries a digest of the fields as they were when it was opened. It covers what this form writes and nothing else,
    so that work of a timer on the same row stops nobody.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self._stored = _digest(model_to_dict(self.instance, fields=self._meta.fields))

    def clean(self):
        """A form that is refused comes back knowing the newer state, so that the next save is a decision."""
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("seen") != self._stored:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self._stored
            raise ValidationError(CHANGED_MEANWHILE, code="changed_meanwhile")
        return cleaned


class GuardedAdmin:
    """Locks the row before it is read, so that what the form is compared with cannot change until it is saved."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with transaction.atomic():
            if request.method == "POST" and object_id and object_id.isdecimal():
                list(self.model.objects.select_for_update().filter(pk=object_id).values("pk"))
            return super().changeform_view(request, object_id, form_url, extra_context)


def _digest(values: dict) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
