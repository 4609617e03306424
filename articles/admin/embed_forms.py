"""The forms of a snapshot: by its address, by hand, and what is decided about it."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html

from articles.admin.meanwhile import GuardedForm
from articles.admin.times import SiteTimeField
from articles.embeds import snapshot
from articles.embeds.answers import clean_language, clean_line, clean_link, clean_text
from articles.embeds.fetch import match_of_address
from articles.embeds.providers import LONGEST_ADDRESS, PROVIDERS, Match, is_shortened
from articles.models import Embed
from foundation import clock

SITES = ", ".join(provider.site for provider in PROVIDERS)
SHORTENED = (
    "Only the shortening service knows where this leads, and it names no post. Open it in a browser and paste the "
    "address that you arrive at."
)
UNKNOWN = f"This is not the address of a single post or video that we know ({SITES}). Copy it from the post itself."


class AddressForm(forms.ModelForm):
    """A new snapshot needs nothing but its address, in any of the forms it is passed around in."""

    url = forms.CharField(
        label="Address",
        max_length=4 * LONGEST_ADDRESS,
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text="Of one post or video. Its words are fetched in the background.",
    )
    match: Match

    class Meta:
        model = Embed
        fields = ["url"]

    def clean_url(self):
        address = self.cleaned_data["url"]
        match = match_of_address(address)
        if match is None:
            raise ValidationError(SHORTENED if is_shortened(address) else UNKNOWN)
        known = Embed.objects.filter(provider=match.provider, external_id=match.external_id).first()
        if known is not None:
            page = reverse("admin:articles_embed_change", args=[known.pk])
            raise ValidationError(format_html('We have this post already: <a href="{}">{}</a>.', page, known))
        self.match = match
        return match.url

    def save(self, commit=True):
        self.save_m2m = lambda: None
        return snapshot.remember(self.match)


class ByHandForm(GuardedForm):
    """What an editor may write or correct. The same cleaning as for a platform's answer."""

    posted_at = SiteTimeField(required=False, label="Posted at", help_text="Leave empty where only the day is known.")

    class Meta:
        model = Embed
        fields = [
            "text",
            "language",
            "title",
            "author_name",
            "author_handle",
            "author_url",
            "posted_at",
            "posted_on",
            "quoted",
            "parent",
            "is_sample",
        ]
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "dir": "auto", "class": "vLargeTextField"})}
        labels = {"author_url": "Author's address", "parent": "Answers", "is_sample": "Invented"}
        help_texts = {"author_handle": "Without the @.", "author_url": "Begins with https://."}

    def clean_text(self):
        return clean_text(self.cleaned_data["text"])

    def clean_title(self):
        return clean_line(self.cleaned_data["title"], 300)

    def clean_author_name(self):
        return clean_line(self.cleaned_data["author_name"])

    def clean_author_handle(self):
        handle = clean_line(self.cleaned_data["author_handle"]).removeprefix("@")
        if not handle.isascii() or " " in handle:
            raise ValidationError("A handle has Latin letters, figures and signs, and no blanks.")
        return handle

    def clean_author_url(self):
        address = self.cleaned_data["author_url"]
        if address and not clean_link(address):
            raise ValidationError("Begin with https:// or http://.")
        return clean_link(address)

    def clean_language(self):
        code = self.cleaned_data["language"].strip()
        if code and not clean_language(code):
            raise ValidationError("Write a language code, such as en, ar or pt-BR.")
        return clean_language(code)

    def clean_posted_at(self):
        moment = self.cleaned_data["posted_at"]
        if moment and moment > clock.now():
            raise ValidationError("That time lies ahead of us.")
        return moment

    def clean(self):
        for name in ("quoted", "parent"):
            if self.instance.pk and self.cleaned_data.get(name) == self.instance:
                self.add_error(name, "A post cannot quote or answer itself.")
        return super().clean()


class DecisionForm(forms.Form):
    choice = forms.ChoiceField(label="What readers see", choices=Embed.Choice, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Kept with your name and the time. Readers do not see it.",
    )
