"""How many comments wait, on the first page of the desk."""

from comments import queue
from foundation.desk import Panel, register


def waiting(request) -> dict | None:
    """None, and no panel, while nothing needs anybody: suspected spam alone can wait its 30 days."""
    numbers = queue.counts()
    if not (numbers["waiting"] or numbers["reported"]):
        return None
    return {**numbers, "since": queue.oldest()}


def register_panels() -> None:
    register(
        Panel("comments", "Comments", "admin/desk/_comments.html", waiting, 120, permission="comments.moderate_comment")
    )
