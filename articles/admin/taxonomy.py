"""Sections and tags. A section in use cannot be deleted: its articles would lose their place."""

from django.contrib import admin
from django.db.models import Count

from articles.admin.in_use import articles_shown
from articles.models import Article, Section, Tag
from foundation.admin_base import PlainDeletion


class TaxonomyAdmin(PlainDeletion, admin.ModelAdmin):
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

    def get_deleted_objects(self, objs, request):
        """Its articles are counted, not named: not everybody may read the headline of a draft."""
        shown, counts, _, _ = super().get_deleted_objects(objs, request)
        used = [articles_shown(row.articles.count(), f"{row} has", section__id__exact=row.pk) for row in objs]
        return shown, {self.opts.verbose_name_plural: len(shown)}, set(), [words for words in used if words]


@admin.register(Tag)
class TagAdmin(TaxonomyAdmin):
    list_display = ["name", "slug", "article_count"]
    ordering = ["name"]

    def lost_with(self, objs):
        return {"articles that lose it": Article.objects.filter(tags__in=objs).distinct().count()}
