"""What pages of the desk have in common whose rows no form of the admin writes: they are read and found there."""

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst


class HeadedAdmin(admin.ModelAdmin):
    """The admin's own words, "Select payment to view", say less than the name of what is there."""

    title_of_new = ""

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        title = capfirst(self.opts.verbose_name) if object_id else self.title_of_new
        told = {"title": title} if title else {}
        return super().changeform_view(request, object_id, form_url, {**told, **(extra_context or {})})


class ReadOnlyAdmin(HeadedAdmin):
    """
    Nothing is added, changed or deleted by the admin's own forms unless a class says so. What changes rows is a verb,
    on a page of its own or as an action that names its permission.
    """

    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PlainDeletion:
    """Asks before deleting in words that mean something: rows that only join two others have no name of their own."""

    def get_deleted_objects(self, objs, request):
        _, counts, missing, protected = super().get_deleted_objects(objs, request)
        models = apps.get_models(include_auto_created=True)
        joins = {model._meta.verbose_name_plural for model in models if model._meta.auto_created}
        counts = {name: count for name, count in counts.items() if name not in joins}
        lost = {name: count for name, count in self.lost_with(objs).items() if count}
        return [str(row) for row in objs], {**counts, **lost}, missing, protected

    def lost_with(self, objs) -> dict[str, int]:
        """What joins name in the reader's terms, with its count: how many articles lose a tag."""
        return {}


class PagesAdmin(ReadOnlyAdmin):
    """Rows with pages beside the admin's own, under the name of their app: routes, templates and addresses."""

    show_full_result_count = False

    def page_of(self, view, route: str, name: str):
        return path(route, self.admin_site.admin_view(view), name=self._name_of(name))

    def address_of(self, name: str, *args) -> str:
        return reverse(f"admin:{self._name_of(name)}", args=args)

    def _name_of(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def find(self, request, pk):
        """The row, if this person may see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404("No such row.")
        return row

    def page(self, request, template: str, title: str, *, status: int = 200, **context) -> TemplateResponse:
        told = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        name = f"admin/{self.opts.app_label}/{template}"
        return TemplateResponse(request, name, {**told, **context}, status=status)
