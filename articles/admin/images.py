"""The media library: find, upload, describe, choose the focal point, see where a picture is used."""

from functools import partial

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.cache import never_cache

from articles import images
from articles.admin import image_picker
from articles.admin.image_forms import UploadForm
from articles.models import Image


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    list_display = ["thumbnail", "title", "alt", "credit", "dimensions", "created_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = ["state", "created_at"]
    list_per_page = 48
    search_fields = ["title", "alt", "caption", "credit", "key"]
    search_help_text = "Title, alternative text, caption or credit"
    readonly_fields = ["focal_point", "used_by", "dimensions", "address", "uploaded_by", "created_at"]
    fieldsets = [
        (None, {"fields": ["focal_point", "title", "alt", "caption", "credit"]}),
        ("Where it must not be cut off", {"fields": [("focal_x", "focal_y")]}),
        ("About this picture", {"fields": ["used_by", "dimensions", "address", "uploaded_by", "created_at"]}),
    ]
    add_fieldsets = [(None, {"fields": UploadForm.field_order})]

    class Media:
        css = {"all": ["css/focus.css", "css/images.css"]}
        js = ["js/editor/focal.js"]

    def get_urls(self):
        """The two views check permissions themselves; the upload answers in JSON even to somebody signed out."""
        upload = partial(image_picker.upload, image_admin=self)
        return [
            path(
                "picker/",
                self.admin_site.admin_view(partial(image_picker.picker, self)),
                name="articles_image_picker",
            ),
            path("upload/", never_cache(upload), name="articles_image_upload"),
            *super().get_urls(),
        ]

    # Uploading

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, obj) if obj else []

    def get_form(self, request, obj=None, **kwargs):
        labels = {"focal_x": "From the left", "focal_y": "From the top"}
        return super().get_form(request, obj, labels=labels, **kwargs) if obj else UploadForm

    def save_form(self, request, form, change):
        if not change:
            form.uploaded_by = request.user
        return super().save_form(request, form, change)

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        elif form.was_known:
            self.message_user(
                request,
                "The library has this very picture already: it was kept once, and empty fields were filled in.",
                messages.WARNING,
            )

    # Removing

    def get_deleted_objects(self, objs, request):
        to_delete, counts, perms_needed, _ = super().get_deleted_objects(objs, request)
        shown = [f"{image}: {usage.place}" for image in objs for usage in self._usages(request, image)]
        return to_delete, counts, perms_needed, shown

    def delete_view(self, request, object_id, extra_context=None):
        image = self.get_object(request, object_id)
        try:
            if image and self.has_delete_permission(request, image) and (found := images.usages(image)):
                raise images.ImageInUse(found)
            return super().delete_view(request, object_id, extra_context)
        except images.ImageInUse as refusal:
            places = "; ".join(usage.place for usage in images.told_to(request.user, refusal.usages))
            self.message_user(
                request,
                f"“{image}” is still in use and was not deleted. Take it out here first: {places}.",
                messages.ERROR,
            )
            return HttpResponseRedirect(reverse("admin:articles_image_change", args=[object_id]))

    def delete_model(self, request, obj):
        images.remove(obj)

    def delete_queryset(self, request, queryset):
        for image in queryset:
            images.remove(image)

    # What the list and the form show

    def get_object(self, request, object_id, from_field=None):
        """A field that is only shown is not told who looks, and not everybody may read the headline of a draft."""
        image = super().get_object(request, object_id, from_field)
        if image:
            image.usages_shown = self._usages(request, image)
        return image

    def _usages(self, request, image):
        return images.told_to(request.user, images.usages(image))

    @admin.display(description="picture")
    def thumbnail(self, image):
        return images.picture_html(image, alt="", sizes="8rem", css_class="library-thumbnail")

    @admin.display(description="size", ordering="width")
    def dimensions(self, image):
        made = "" if image.state == Image.State.READY else f" ({image.get_state_display()})"
        return f"{image.width} × {image.height}{made}"

    @admin.display(description="picture")
    def focal_point(self, image):
        return render_to_string("admin/articles/image/focal.html", {"image": image, "address": images.address(image)})

    @admin.display(description="used")
    def used_by(self, image):
        found = image.usages_shown
        if not found:
            return "Nowhere. It can be deleted."
        links = (
            (format_html('<a href="{}">{}</a>', usage.change_url, usage.place) if usage.change_url else usage.place,)
            for usage in found
        )
        return format_html('<ul class="library-usages">{}</ul>', format_html_join("", "<li>{}</li>", links))

    @admin.display(description="address")
    def address(self, image):
        return format_html('<a href="{0}">{0}</a>', images.address(image))
