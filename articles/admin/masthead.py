"""The site's identity: one row that is always there, so its list is its form."""

from django import forms
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse

from articles.admin.choosing import ChoosesRelated
from articles.models import FooterLink, Masthead


class MastheadForm(forms.ModelForm):
    class Meta:
        model = Masthead
        fields = [
            "site_name",
            "first_tagline",
            "second_tagline",
            "description",
            "appeal",
            "logo",
            "accent_colour",
            "contact_email",
            "copyright_line",
        ]
        widgets = {"accent_colour": forms.TextInput(attrs={"type": "color"})}


class FooterLinkInline(admin.TabularInline):
    model = FooterLink
    extra = 0
    fields = ["label", "address", "position"]


@admin.register(Masthead)
class MastheadAdmin(ChoosesRelated, admin.ModelAdmin):
    form = MastheadForm
    inlines = [FooterLinkInline]
    autocomplete_fields = ["logo"]
    fieldsets = [
        (None, {"fields": ["site_name", "first_tagline", "second_tagline", "description", "appeal"]}),
        ("Look", {"fields": ["logo", "accent_colour"]}),
        ("Imprint", {"fields": ["contact_email", "copyright_line"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("admin:articles_masthead_change", args=[1]))

    def get_object(self, request, object_id, from_field=None):
        """A new site has no row yet; opening the form makes it, with neutral words."""
        if object_id == "1":
            Masthead.objects.get_or_create(pk=1)
        return super().get_object(request, object_id, from_field)
