"""Pages that are no articles, with the same editor and the same rules for their text."""

from django.contrib import admin

from articles import rendering
from articles.admin.meanwhile import GuardedAdmin, GuardedForm
from articles.admin.widgets import BodyFormField
from articles.models import Page


class PageForm(GuardedForm):
    body = BodyFormField(required=False)

    class Meta:
        model = Page
        fields = ["title", "slug", "body", "is_public"]


@admin.register(Page)
class PageAdmin(GuardedAdmin, admin.ModelAdmin):
    form = PageForm
    list_display = ["title", "slug", "is_public", "saved_at"]
    list_filter = ["is_public"]
    search_fields = ["title", "slug", "body"]
    prepopulated_fields = {"slug": ["title"]}

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        rendering.render_page(obj)
