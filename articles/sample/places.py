"""Where the things that sample texts refer to by name really are."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from articles.sample.texts import BadSampleFile

NAMED = re.compile(r'"(post|picture|article):([\w-]+)"')
POINTER = re.compile(r'data-pointer="([\w-]+)"')


@dataclass(frozen=True)
class Places:
    """`picture` gives the address of a drawing and makes it on the way; `pointers` are of one article alone."""

    posts: dict[str, str]
    articles: dict[str, str]
    picture: Callable[[str], str]
    pointers: dict[str, str] = field(default_factory=dict)

    def with_pointers(self, pointers: dict[str, str]) -> "Places":
        return replace(self, pointers=pointers)

    def fill(self, markup: str) -> str:
        """The markup with every name replaced. Raises BadSampleFile for a name that nothing has."""
        try:
            markup = NAMED.sub(lambda match: f'"{self._address(*match.groups())}"', markup)
            return POINTER.sub(lambda match: f'data-pointer="{self.pointers[match[1]]}"', markup)
        except KeyError as error:
            raise BadSampleFile(f"A text refers to {error}, which does not exist.") from error

    def _address(self, kind: str, name: str) -> str:
        if kind == "picture":
            return self.picture(name)
        return {"post": self.posts, "article": self.articles}[kind][name]
