"""The form of an article: its fields, how a save counts, when it is due, and whether somebody else saved meanwhile."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from articles import editing
from articles.admin.carried import CarriedNumber, CarriedText
from articles.admin.times import SiteTimeField
from articles.admin.widgets import BodyFormField, NoteFormField
from articles.models import Article
from foundation import clock

# The section is required, so it stands where a draft begins.
MAIN = ["headline", "section", "slug", "standfirst", "lead_note", "lead_image", "body"]
FILING = ["tags", "related"]
SOURCE = ["source_name", "source_url"]
SEARCH = ["seo_title", "seo_description", "social_title", "social_description"]


class Weight(models.TextChoices):
    MINOR = "minor", "Minor: a typo or a link. The date readers see stays."
    MEANINGFUL = "meaningful", "Meaningful: readers see a new date and can read what changed."


class ArticleForm(forms.ModelForm):
    """
    `base_version` is the `edit_version` the form was opened with. A save on an older one is refused with the text
    kept, unless the editor has seen the newer version and presses the button that names it (`_overwrite`).
    `base_stage` is what the article was then: whoever typed into a draft is told that it is published by now.
    """

    lead_note = NoteFormField(required=False, help_text="A note from the editor, set apart above the text.")
    body = BodyFormField(required=False)
    weight = forms.ChoiceField(
        label="This save is", choices=Weight, initial=Weight.MINOR, required=False, widget=forms.RadioSelect
    )
    public_note = forms.CharField(
        label="What changed",
        max_length=300,
        required=False,
        help_text="One sentence for readers, shown in the article's history. For a meaningful save.",
    )
    publish_at = SiteTimeField(label="Publish at", required=False)
    base_version = CarriedNumber(required=False)
    base_stage = CarriedText(max_length=10, required=False)
    form_key = CarriedText(max_length=32, required=False)

    # Set by the admin on the class it makes for one request.
    redisplay_only = False
    chosen_time = ""
    user = None

    class Meta:
        model = Article
        fields = [*MAIN, *FILING, *SOURCE, *SEARCH, "is_pinned", "comments_open"]
        widgets = {
            "headline": forms.Textarea(attrs={"rows": 2, "data-counts": "characters", "data-best": "90"}),
            "standfirst": forms.Textarea(attrs={"rows": 3, "data-counts": "characters", "data-best": "300"}),
            "seo_title": forms.TextInput(attrs={"data-counts": "characters", "data-best": "60"}),
            "seo_description": forms.Textarea(attrs={"rows": 2, "data-counts": "characters", "data-best": "155"}),
            "social_title": forms.TextInput(attrs={"data-counts": "characters", "data-best": "70"}),
            "social_description": forms.Textarea(attrs={"rows": 2, "data-counts": "characters", "data-best": "155"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = None
        self.initial["base_version"] = self.instance.edit_version
        self.initial["base_stage"] = self.instance.stage
        self.initial["form_key"] = uuid.uuid4().hex
        # A browser cuts what is pasted into a field with a length, and says nothing. The server says it and keeps it.
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        if "publish_at" in self.fields:
            self.fields["publish_at"].help_text = f"The time in {timezone.get_default_timezone_name()}."
            if self.instance.is_scheduled:
                self.initial["publish_at"] = self.instance.published_at
            if self.chosen_time:
                self.initial["publish_at"] = self.chosen_time

    def is_valid(self):
        """Text brought back from an autosave is shown, not saved."""
        return super().is_valid() and not self.redisplay_only

    def clean_headline(self):
        return " ".join(self.cleaned_data["headline"].split())

    def clean_publish_at(self):
        at = self.cleaned_data["publish_at"]
        if "_schedule" in self.data and at is None:
            raise ValidationError("Choose the day and time at which it shall be published.")
        if "_schedule" in self.data and at <= clock.now():
            raise ValidationError("This time has passed. Choose a later one, or publish it now.")
        return at

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("weight") == Weight.MEANINGFUL and not cleaned.get("public_note"):
            self.add_error("public_note", "Tell readers in one sentence what changed.")
        if self.instance.pk and self.seen_version != self.instance.edit_version:
            self.conflict = Article.objects.select_related("edited_by").get(pk=self.instance.pk)
            raise ValidationError("Your text was not saved yet: somebody else saved first.", code="conflict")
        return cleaned

    @property
    def seen_version(self) -> int | None:
        """The newest version this editor knows of; None from a form that lost its hidden field, which is refused."""
        overwritten = self.data.get("_overwrite", "")
        if overwritten.isdecimal():
            return int(overwritten)
        return self.cleaned_data.get("base_version")

    @property
    def is_meaningful(self) -> bool:
        return self.cleaned_data.get("weight") == Weight.MEANINGFUL

    @property
    def new_stage(self) -> str:
        """What the article became since this form was opened; empty if it is still the same."""
        before, now = self.cleaned_data.get("base_stage"), self.instance.stage
        return now if before and before != now else ""

    def difference_from(self, other: Article) -> list[editing.FieldDifference]:
        """From what is stored to what was typed."""
        return editing.difference(other, self.instance)
