"""The currencies that pledges may be made in."""

from django.contrib import admin

from donations.admin.base import HANDLES_MONEY, MoneyAdmin
from donations.models import Currency


@admin.register(Currency)
class CurrencyAdmin(MoneyAdmin):
    mode_field = ""
    list_display = ["code", "is_offered", "position", "presets", "smallest", "largest"]
    fields = ["code", "is_offered", "position", "presets", "minimum_minor", "maximum_minor"]

    def has_add_permission(self, request):
        return request.user.has_perm(HANDLES_MONEY) and request.user.has_perm("donations.add_currency")

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm(HANDLES_MONEY) and request.user.has_perm("donations.change_currency")

    def get_readonly_fields(self, request, obj=None):
        """The code is what every amount in it is kept under."""
        return ["code"] if obj else []

    @admin.display(description="smallest amount")
    def smallest(self, currency):
        return currency.minimum.with_code

    @admin.display(description="largest amount")
    def largest(self, currency):
        return currency.maximum.with_code
