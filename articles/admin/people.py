"""Authors, and the first byline of somebody who writes for the first time."""

from django.contrib import admin
from django.db.models import Count

from articles.models import Author


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "user", "article_count"]
    list_select_related = ("user",)
    search_fields = ["name", "slug"]
    ordering = ["name"]  # counting below would drop the model's own order
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["portrait", "user"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(bylines_made=Count("bylines"))

    @admin.display(description="articles", ordering="bylines_made")
    def article_count(self, author):
        return author.bylines_made
