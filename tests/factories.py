"""Builders of valid rows. Nothing random: names count up, times are fixed by the caller or are now."""

import datetime as dt
import itertools

from django.contrib.auth.models import Group

from accounts.models import User
from articles import publishing
from articles.models import Addendum, Article, Author, Byline, Section, Tag
from articles.rendering import render_article
from foundation import clock

_count = itertools.count(1)


def editor(**fields):
    fields.setdefault("email", f"editor{next(_count)}@example.org")
    return User.objects.create_superuser(password="a long password", **fields)


def author(**fields):
    number = next(_count)
    return Author.objects.create(**{"name": f"Author {number}", "slug": f"author-{number}", **fields})


def section(**fields):
    number = next(_count)
    return Section.objects.create(**{"name": f"Section {number}", "slug": f"section-{number}", **fields})


def tag(**fields):
    number = next(_count)
    return Tag.objects.create(**{"name": f"Tag {number}", "slug": f"tag-{number}", **fields})


def draft(*, authors=None, tags=(), **fields):
    number = next(_count)
    fields.setdefault("section", None)
    fields["section"] = fields["section"] or section()
    article = Article.objects.create(
        **{
            "headline": f"Headline {number}",
            "standfirst": f"Standfirst {number}",
            "body": f"<p>Body {number}</p>",
            **fields,
        }
    )
    for position, name in enumerate([author()] if authors is None else authors):
        Byline.objects.create(article=article, author=name, position=position)
    article.tags.set(tags)
    render_article(article)
    return article


def published(*, at: dt.datetime | None = None, by=None, **fields):
    """A published article; `at` ahead of now makes it a scheduled one."""
    article = draft(**fields)
    publishing.publish(article, by=by, at=at or clock.now())
    return article


def withdrawn(**fields):
    article = published(**fields)
    publishing.withdraw(article, by=None)
    return article


def draft_addendum(article, **fields):
    fields.setdefault("body", f"<p>Addendum {next(_count)}</p>")
    return Addendum.objects.create(article=article, **fields)


def addendum(article, *, at: dt.datetime | None = None, **fields):
    """A published addendum; `at` ahead of now makes it a scheduled one."""
    row = draft_addendum(article, **fields)
    publishing.publish_addendum(row, at=at)
    return row


def member_of(group: str, **fields):
    """Somebody with a login to the desk and exactly one role."""
    fields.setdefault("email", f"{group.lower()}{next(_count)}@example.org")
    user = User.objects.create_user(password="a long password", is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user
