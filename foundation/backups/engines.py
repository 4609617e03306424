"""Which of the two databases this site has."""

from types import ModuleType

from django.db import connection

from foundation.backups import postgresql, sqlite


def engine() -> ModuleType:
    return {"postgresql": postgresql, "sqlite": sqlite}[connection.vendor]
