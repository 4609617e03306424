"""
What readers type about articles and comments. Every refusal says what to do next, and a form that comes back holds all
that was typed.
"""

import copy
import uuid

from django import forms

from comments.findings import Refused
from comments.models import Comment, Commenter, Report

UNREADABLE = "\ufffd"  # stands where bytes were no text in UTF-8
NUL = "\x00"
NAME_LENGTH = Comment._meta.get_field("name").max_length
FIELDS = {"source": "text"}  # what others call a field of ours
WORDS_LENGTH = Report._meta.get_field("words").max_length


class PlainField(forms.CharField):
    """Text as people type it: one kind of line end, and a plain word about characters that cannot be kept."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")

    def run_validators(self, value):
        if UNREADABLE in value or NUL in value:
            raise forms.ValidationError(
                "Some characters here could not be read. Look for � or odd gaps, mend them and send it again."
            )
        super().run_validators(value)


class TextForm(forms.Form):
    """The words of a comment. Also what an edit asks for."""

    text = PlainField(error_messages={"required": "Type your comment."})

    def __init__(self, *args, longest: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.longest = longest

    def refuse(self, refusal: Refused) -> None:
        """What a verb or the screening said, at the field that it is about."""
        field = FIELDS.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, refusal.words)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if len(text) > self.longest:
            raise forms.ValidationError(
                f"A comment has at most {self.longest:,} characters here; yours has {len(text):,}. Please shorten it."
            )
        return text


class CommentForm(TextForm):
    """
    A new comment. A known `person` is not asked for the address, nor for a name where there is one, unless
    `asks_name`. `website` is a trap: people do not see it. `stamp` and `submission` are checked by the view, which
    makes new ones where they are of no use.
    """

    field_order = ("text", "name", "email")

    name = PlainField(
        max_length=NAME_LENGTH,
        error_messages={
            "required": "Type the name that is to stand beside your comment.",
            "max_length": "A name has at most %(limit_value)d characters here.",
        },
    )
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Type your e-mail address. It is never shown.",
            "invalid": "This does not look like an e-mail address. Is a letter missing?",
            "max_length": "An e-mail address has at most %(limit_value)d characters.",
        },
    )
    wants_replies = forms.BooleanField(required=False)
    website = forms.CharField(required=False)

    def __init__(self, *args, person: Commenter | None, asks_name: bool = False, is_preview: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_preview:  # who has not signed yet sees the words all the same
            self.fields["name"].required = self.fields["email"].required = False
        if person is not None:
            del self.fields["email"]
            if person.name and not asks_name:
                del self.fields["name"]

    def refuse(self, refusal: Refused) -> None:
        """Somebody known whose name is no longer taken is asked for another."""
        if refusal.field == "name":
            self.fields.setdefault("name", copy.deepcopy(self.base_fields["name"]))
        super().refuse(refusal)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        choices=Report.Reason,
        error_messages={
            "required": "Choose what is wrong with the comment.",
            "invalid_choice": "Choose what is wrong with the comment.",
        },
    )
    words = PlainField(
        required=False,
        max_length=WORDS_LENGTH,
        error_messages={"max_length": "Please keep it under %(limit_value)d characters; yours has %(show_value)d."},
    )


def read_uuid(text: str) -> uuid.UUID | None:
    """None for whatever is not written as our pages write it."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
