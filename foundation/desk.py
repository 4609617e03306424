"""
The register of panels on the editors' first page. An app that knows of something waiting for an editor registers a
panel in its `ready()`; the page itself knows no app.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """
    `collect` answers with the template's context, or with None when there is nothing worth an editor's glance.
    `urgent` panels stand above the rest. Without `permission` every member of staff sees the panel.
    """

    name: str
    title: str
    template: str
    collect: Callable[[HttpRequest], dict | None]
    order: int = 100
    permission: str = ""
    urgent: bool = False


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    _panels[panel.name] = panel


def panels_for(request: HttpRequest) -> list[dict]:
    """What this person's desk shows, in order."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda panel: (not panel.urgent, panel.order, panel.name)):
        if panel.permission and not request.user.has_perm(panel.permission):
            continue
        context = panel.collect(request)
        if context is not None:
            shown.append({"panel": panel, "context": context})
    return shown
