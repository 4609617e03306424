"""The invented paper around the articles: masthead, sections, people, tags, pages. What exists stays as it is."""

from dataclasses import dataclass

from articles.models import Author, FooterLink, Masthead, Page, Section, Tag
from articles.rendering import render_page
from articles.sample import texts
from articles.sample.drawings import Drawings


@dataclass(frozen=True)
class Paper:
    """Rows by their slugs."""

    sections: dict[str, Section]
    authors: dict[str, Author]
    tags: dict[str, Tag]


def make(drawings: Drawings) -> Paper:
    site = texts.table("site")
    _make_masthead(site)
    for page in texts.pages():
        _make_page(page)
    return Paper(
        sections={row["slug"]: _make_section(row, number) for number, row in enumerate(site["sections"])},
        authors={row["slug"]: _make_author(row, drawings) for row in site["authors"]},
        tags={row["slug"]: _make_named(Tag, row["slug"], name=row["name"]) for row in site["tags"]},
    )


def _make_masthead(site: dict) -> None:
    masthead, is_new = Masthead.objects.get_or_create(pk=1, defaults=site["masthead"])
    if is_new:
        FooterLink.objects.bulk_create(
            FooterLink(masthead=masthead, position=number, **link) for number, link in enumerate(site["footer_links"])
        )


def _make_page(sample: texts.SamplePage) -> None:
    page, is_new = Page.objects.get_or_create(slug=sample.slug, defaults={"title": sample.title, "body": sample.body})
    if is_new:
        render_page(page)


def _make_section(row: dict, number: int) -> Section:
    return _make_named(Section, row["slug"], name=row["name"], description=row["description"], position=10 * number)


def _make_author(row: dict, drawings: Drawings) -> Author:
    portrait = drawings.image(row["face"], alt=f"{row['name']}, drawn as a silhouette")
    return _make_named(Author, row["slug"], name=row["name"], biography=row["biography"], portrait=portrait)


def _make_named(model, slug: str, **fields):
    return model.objects.get_or_create(slug=slug, defaults=fields)[0]
