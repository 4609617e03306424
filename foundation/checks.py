"""System checks: a moved clock and open letters belong to the demo alone."""

from django.conf import settings
from django.core import checks

from foundation import demo


def the_demo_stays_at_home(app_configs, **kwargs) -> list[checks.CheckMessage]:
    reason = demo.refusal(
        debug=settings.DEBUG,
        demo=settings.DEMO,
        clock_file=settings.DEMO_CLOCK_FILE,
        https=settings.HTTPS,
        hosts=settings.ALLOWED_HOSTS,
    )
    return [checks.Error(reason, id="foundation.E001")] if reason else []
