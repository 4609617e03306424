"""Who signs an article, in order; and the rule that rows of an article's form follow the article's own permissions."""

from django import forms
from django.contrib import admin

from articles.admin.choosing import ChoosesRelated
from articles.models import Article, Byline


class FollowsArticle(ChoosesRelated):
    """Whoever may not change an article may not change its rows either. `obj` is the article."""

    def has_add_permission(self, request, obj):
        return super().has_add_permission(request, obj) and self._may_change(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_change(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_change(request, obj)

    def _may_change(self, request, article) -> bool:
        return article is None or self.admin_site.get_model_admin(Article).has_change_permission(request, article)


class BylineForm(forms.ModelForm):
    class Meta:
        labels = {"position": "order"}
        # A table's heading is no label to a screen reader that reads the fields alone.
        widgets = {"position": forms.NumberInput(attrs={"aria-label": "Order among the authors"})}

    def has_changed(self):
        """A new article is offered its writer's own name; left as offered, it is still meant."""
        return super().has_changed() or (not self.instance.pk and bool(self["author"].value()))


class BylineFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if self.can_delete:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Remove this author"


class BylineInline(FollowsArticle, admin.TabularInline):
    model = Byline
    form = BylineForm
    formset = BylineFormSet
    fields = ["author", "position"]
    autocomplete_fields = ["author"]
    verbose_name = "author"
    verbose_name_plural = "authors"
    extra = 0

    def get_extra(self, request, obj=None, **kwargs):
        """An empty row stands open as long as nobody signs: without an author nothing can be published."""
        return 0 if obj and obj.bylines.all() else 1
