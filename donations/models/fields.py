from django.db import models

from donations.quarters import Quarter


class QuarterField(models.SmallIntegerField):
    """A calendar quarter, kept as its ordinal so that quarters sort and lie side by side."""

    description = "A calendar quarter"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Quarter.from_ordinal(value)

    def to_python(self, value):
        return value if value is None or isinstance(value, Quarter) else Quarter.from_ordinal(int(value))

    def get_prep_value(self, value):
        return value.ordinal if isinstance(value, Quarter) else super().get_prep_value(value)

    def value_to_string(self, obj):
        return str(self.get_prep_value(self.value_from_object(obj)))
