"""System checks: a list of addresses that are never banned must hold what can be understood."""

from django.conf import settings
from django.core import checks

from bottrap import networks


def networks_are_networks(app_configs, **kwargs) -> list[checks.CheckMessage]:
    wrong = [text for text in settings.TRAP_NEVER_BAN if networks.parse(text) is None]
    said = f"TRAP_NEVER_BAN holds what is no address or network: {', '.join(wrong)}."
    return [checks.Error(said, id="bottrap.E001")] if wrong else []
