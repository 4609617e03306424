"""Sections and tags. A section in use cannot be deleted: its articles would lose their place."""

from django.contrib import admin
from django.db.models import Count

from articles.models import Section, Tag


class TaxonomyAdmin(admin.ModelAdmin):
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    # Counting groups the rows, which drops the model's own order: each admin below names its order again.
    def get_queryset(self, request):
        return super().get_queryset(request).annotate(articles_filed=Count("articles"))

    @admin.display(description="articles", ordering="articles_filed")
    def article_count(self, row):
        return row.articles_filed


@admin.register(Section)
class SectionAdmin(TaxonomyAdmin):
    list_display = ["name", "slug", "position", "article_count"]
    list_editable = ["position"]
    ordering = ["position", "name"]


@admin.register(Tag)
class TagAdmin(TaxonomyAdmin):
    list_display = ["name", "slug", "article_count"]
    ordering = ["name"]
