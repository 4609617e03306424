"""Old addresses. What would never be asked for, or would go round in circles, is refused while it is typed."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError

from articles import redirects
from articles.admin.choosing import ChoosesRelated
from articles.models import Redirect


class AddressFormField(forms.CharField):
    """An address on this site, typed as a path or pasted whole from the browser."""

    def to_python(self, value):
        return super().to_python(value).removeprefix(settings.SITE_URL)


class RedirectForm(forms.ModelForm):
    class Meta:
        model = Redirect
        fields = ["old_path", "article", "new_path"]
        field_classes = {"old_path": AddressFormField, "new_path": AddressFormField}
        help_texts = {
            "article": "Readers follow the article wherever it moves.",
            "new_path": "For anything that is no article: /about/",
        }

    def clean_old_path(self):
        old_path = self.cleaned_data["old_path"]
        path, _, query = old_path.partition("?")
        if redirects.is_live_address(path) and not redirects.is_number_of_article(path, query):
            raise ValidationError("Something answers at this address. Only an address that is not found can lead on.")
        return old_path

    def clean(self):
        cleaned = super().clean()
        old_path, new_path = cleaned.get("old_path"), cleaned.get("new_path")
        if not new_path and not cleaned.get("article") and not self.errors:
            self.add_error("new_path", "Choose the article it leads to, or write a path here.")
        if old_path and new_path and redirects.leads_back(old_path, new_path):
            self.add_error("new_path", "This leads back to the old address. Choose where it ends.")
        return cleaned


@admin.register(Redirect)
class RedirectAdmin(ChoosesRelated, admin.ModelAdmin):
    form = RedirectForm
    list_display = ["old_path", "leads_to", "created_at"]
    list_select_related = ("article",)
    search_fields = ["old_path", "new_path", "article__headline"]
    autocomplete_fields = ["article"]

    @admin.display(description="leads to", empty_value="nowhere yet")
    def leads_to(self, row):
        return row.new_path or row.article.get_absolute_url() or None
