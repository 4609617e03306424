"""System checks: a desk on the open network asks for a second factor."""

from django.conf import settings
from django.core import checks


def second_factor_is_asked_for(app_configs, **kwargs) -> list[checks.CheckMessage]:
    if settings.STAFF_SECOND_FACTOR or settings.DEMO or settings.DEBUG:
        return []
    return [
        checks.Warning(
            "STAFF_SECOND_FACTOR is false: a guessed or stolen password alone opens the desk.",
            hint="Remove the line. Only the demo on this machine may do without.",
            id="accounts.W001",
        )
    ]
