"""What other apps keep for a person who is signed in: the links on the page of one's account."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Link:
    label: str
    route: str

    @property
    def address(self) -> str:
        return reverse(self.route)


_links: dict[str, Link] = {}


def register(label: str, route: str) -> None:
    _links[route] = Link(label, route)


def all_links() -> list[Link]:
    return list(_links.values())
