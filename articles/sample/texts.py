"""
The sample articles and pages as they stand in their files. A misspelt word in a head is an error that names the file.

In a body, `post:NAME` stands for the address of a sample post, `picture:NAME` for a sample picture, `article:SLUG`
for another sample article, and `data-pointer="NAME"` names an addendum of the same article.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
FENCE = "+++\n"


class BadSampleFile(Exception):
    """The text says which file, and what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class SampleAddendum:
    """`name` is what pointers in the body say; `superseded_by` the name of a later correction."""

    name: str
    kind: str
    published: str
    body: str
    author: str = ""
    superseded_by: str = ""


@dataclass(frozen=True, kw_only=True)
class SampleRevision:
    """A later change with meaning. `changes` tell, for each passage of the finished body, what stood there before."""

    at: str
    note: str
    changes: list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class SampleArticle:
    """Without `published` it is a draft. `authors`, `tags`, `section` and `related` are the slugs of others."""

    slug: str
    body: str
    headline: str
    standfirst: str
    section: str
    authors: list[str]
    tags: list[str]
    lead_note: str = ""
    picture: str = ""
    picture_alt: str = ""
    picture_caption: str = ""
    published: str = ""
    pinned: bool = False
    withdrawn: bool = False
    source_name: str = ""
    source_url: str = ""
    social_title: str = ""
    related: list[str] = field(default_factory=list)
    addenda: list[SampleAddendum] = field(default_factory=list)
    revisions: list[SampleRevision] = field(default_factory=list)

    def bodies(self) -> list[str]:
        """The body as first published, and after each revision."""
        found = [self.body]
        for revision in reversed(self.revisions):
            found.insert(0, _before(revision, found[0], self.slug))
        return found


@dataclass(frozen=True, kw_only=True)
class SamplePage:
    slug: str
    title: str
    body: str


def articles() -> list[SampleArticle]:
    return [_read(path, _article) for path in sorted((FOLDER / "texts").glob("*.html"))]


def pages() -> list[SamplePage]:
    return [_read(path, SamplePage) for path in sorted((FOLDER / "pages").glob("*.html"))]


def table(name: str) -> dict:
    """A whole file of data: `site` or `posts`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _article(*, addenda=(), revisions=(), **head) -> SampleArticle:
    return SampleArticle(
        addenda=[SampleAddendum(**part) for part in addenda],
        revisions=[SampleRevision(**part) for part in revisions],
        **head,
    )


def _read[Kind](path: Path, make: Callable[..., Kind]) -> Kind:
    """Files whose name begins with `draft-` are drafts; the word is no part of their slug."""
    opening, head, body = (path.read_text(encoding="utf-8").split(FENCE, 2) + ["", ""])[:3]
    if opening or not body:
        raise BadSampleFile(f"{path.name}: begin with a head between two lines of +++.")
    try:
        return make(slug=path.stem.removeprefix("draft-"), body=body.strip(), **tomllib.loads(head))
    except (TypeError, ValueError) as error:
        raise BadSampleFile(f"{path.name}: {error}") from error


def _before(revision: SampleRevision, body: str, slug: str) -> str:
    for change in revision.changes:
        if body.count(change["now"]) != 1:
            raise BadSampleFile(f"{slug}: a revision names words that are not in the body once: {change['now']!r}")
        body = body.replace(change["now"], change["was"])
    return body
