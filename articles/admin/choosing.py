"""What stands beside a field that chooses another row."""

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper

from articles.models import Article


class ChoosesRelated:
    """
    Changing and adding only. A red cross beside "Section" would delete the section itself and not the choice, the eye
    would leave a half-written form, and another article is not written in a pop-up.
    """

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            widget = field.widget
            widget.can_delete_related = False
            if widget.can_change_related or db_field.related_model is Article:
                widget.can_view_related = False
            if db_field.related_model is Article:
                widget.can_add_related = widget.can_change_related = False
        return field
