"""Authors, and the first byline of somebody who writes for the first time."""

from django.contrib import admin
from django.db.models import Count

from articles.admin.choosing import ChoosesRelated
from articles.admin.in_use import articles_shown
from articles.models import Author
from foundation.admin_base import PlainDeletion


@admin.register(Author)
class AuthorAdmin(ChoosesRelated, PlainDeletion, admin.ModelAdmin):
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

    def get_deleted_objects(self, objs, request):
        """Whoever signed something stays: only the count is told, as headlines of drafts are not everybody's."""
        shown, counts, _, _ = super().get_deleted_objects(objs, request)
        used = []
        for author in objs:
            signed = author.bylines.count()
            used.append(articles_shown(signed, f"{author} signs", bylines__author__id__exact=author.pk))
            if added := author.addenda.count():
                used.append(f"{author} signs {added} of the updates, corrections and notes.")
        return shown, {self.opts.verbose_name_plural: len(shown)}, set(), [words for words in used if words]
