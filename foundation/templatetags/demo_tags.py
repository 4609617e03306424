"""The strip that tells what time the demo believes it is."""

from django import template

from foundation import clock, demo

register = template.Library()


@register.inclusion_tag("foundation/_demo_clock.html")
def demo_clock() -> dict:
    """Nothing on a site without a demo clock. Asks neither the request nor the database."""
    if not clock.is_configured():
        return {}
    return {"moment": clock.now(), "is_shifted": clock.is_shifted(), "console": demo.console_url()}
