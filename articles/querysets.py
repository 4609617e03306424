"""The vocabulary of reading. Views, feeds, sitemaps, search and admin chain these and filter nothing by hand."""

import datetime as dt
from collections.abc import Callable

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from foundation import clock

# What other apps show on cards, by the name of the attribute: makers of expressions over an article. An app adds its
# own when it is ready, so that no card asks a question of its own.
ON_CARDS: dict[str, Callable[[], models.expressions.Combinable]] = {}


class TimelineQuerySet(models.QuerySet):
    """Rows that stand in the order of `published_at`."""

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def older_than(self, row):
        """Those that follow `row` in `newest_first` order."""
        at = row.published_at
        return self.filter(published_at__lte=at).exclude(published_at=at, pk__gte=row.pk)

    def newer_than(self, row):
        at = row.published_at
        return self.filter(published_at__gte=at).exclude(published_at=at, pk__lte=row.pk)

    def as_keys(self):
        """Of each row no more than its place in that order."""
        return self.prefetch_related(None).values_list("pk", "published_at", named=True)


class ArticleQuerySet(TimelineQuerySet):
    def published(self):
        """Live now: a scheduled article joins in the instant it falls due, without anything having to run."""
        return self.filter(status="published", published_at__lte=clock.now())

    def delete(self):
        kept = self.filter(first_published_at__isnull=False)
        if kept.exists():
            raise models.ProtectedError("Articles that were published can be withdrawn, not deleted.", set(kept))
        return super().delete()

    delete.queryset_only = True

    def scheduled(self):
        return self.filter(status="published", published_at__gt=clock.now())

    def drafts(self):
        return self.filter(status="draft")

    def in_section(self, section):
        return self.filter(section=section)

    def with_tag(self, tag):
        return self.filter(tags=tag)

    def by_author(self, author):
        return self.filter(bylines__author=author)

    def in_month(self, year: int, month: int):
        """By the site's zone. Raises ValueError for a month that does not exist."""
        start, end = clock.local_month_bounds(year, month)
        return self.filter(published_at__gte=start, published_at__lt=end)

    def with_updated_at(self):
        """Adds updated_at: the latest of publication, newest visible addendum and newest meaningful revision."""
        # Imported here because the models below import this module.
        from articles.models import Addendum, Revision

        moment = clock.now()
        addendum = Addendum.objects.filter(article=OuterRef("pk")).visible(moment).order_by("-published_at")
        revision = Revision.objects.filter(
            article=OuterRef("pk"), is_meaningful=True, was_published=True, created_at__lte=moment
        ).order_by("-created_at")
        return self.annotate(
            updated_at=Greatest(
                "published_at",
                Coalesce(Subquery(addendum.values("published_at")[:1]), "published_at"),
                Coalesce(Subquery(revision.values("created_at")[:1]), "published_at"),
            )
        )

    def with_due_at(self, after: dt.datetime):
        """Adds due_at: when the first addendum after that instant appears by itself, which moves updated_at."""
        from articles.models import Addendum

        ahead = Addendum.objects.filter(article=OuterRef("pk"), status="published", published_at__gt=after)
        return self.annotate(due_at=Subquery(ahead.order_by("published_at").values("published_at")[:1]))

    def for_cards(self):
        """What a list shows of each article, and not the text of any."""
        return (
            self._with_facts_of_cards()
            .select_related("section", "lead_image")
            .prefetch_related(_bylines_with("author"))
            .defer("body", "body_html", "lead_note", "lead_note_html")
        )

    def for_brief_cards(self):
        """The same for lists beside a text: no picture, no section, no names."""
        return self._with_facts_of_cards().only("headline", "public_path", "published_at")

    def _with_facts_of_cards(self):
        return self.with_updated_at().annotate(**{name: expression() for name, expression in ON_CARDS.items()})

    def for_page(self):
        """What the head of an article's own page shows; its text comes from `articles.fragments`."""
        return (
            self.with_updated_at()
            .select_related("section", "lead_image")
            .prefetch_related(_bylines_with("author__portrait"), "tags")
        )

    def written_by(self, user):
        """Drafts and articles that belong to a person who may edit only their own."""
        return self.filter(Q(created_by=user) | Q(bylines__author__user=user)).distinct()

    def known_to(self, user):
        """What somebody at the desk may be told of: everything if they publish, else their own and what is out."""
        if user.has_perm("articles.publish_article"):
            return self
        rows = self.model.objects
        return self.filter(Q(pk__in=rows.written_by(user).values("pk")) | Q(pk__in=rows.published().values("pk")))


def _bylines_with(*joined: str) -> models.Prefetch:
    """Who signed, in the bylines' own order, by one query and not one for each table."""
    from articles.models import Byline

    return models.Prefetch("bylines", Byline.objects.select_related(*joined))


class AddendumQuerySet(TimelineQuerySet):
    def delete(self):
        kept = self.corrections().visible()
        if kept.exists():
            raise models.ProtectedError("A published correction cannot be deleted, only superseded.", set(kept))
        return super().delete()

    delete.queryset_only = True

    def visible(self, moment: dt.datetime | None = None):
        return self.filter(status="published", published_at__lte=moment or clock.now())

    def corrections(self):
        return self.filter(kind="correction")

    def of_live_articles(self):
        return self.filter(article__status="published", article__published_at__lte=clock.now())

    def of_once_live_articles(self):
        """Those of live articles, and of withdrawn ones that readers have seen."""
        seen_before_withdrawal = Q(
            article__status="withdrawn",
            article__withdrawn_at__gte=F("article__first_published_at"),
            published_at__lte=F("article__withdrawn_at"),
        )
        live = Q(article__status="published", article__published_at__lte=clock.now())
        return self.filter(live | seen_before_withdrawal)

    def oldest_first(self):
        return self.order_by("published_at", "pk")


class AuthorQuerySet(models.QuerySet):
    def known_to_readers(self):
        """Those who signed something that is live, be it an addendum. Of the others a page would tell of drafts."""
        from articles.models import Addendum, Article

        signed = Article.objects.published().filter(bylines__author=OuterRef("pk"))
        added = Addendum.objects.visible().of_live_articles().filter(author=OuterRef("pk"))
        return self.filter(Exists(signed) | Exists(added))


class TagQuerySet(models.QuerySet):
    def known_to_readers(self):
        """Those of live articles. Another may be the subject of a draft."""
        from articles.models import Article

        return self.filter(Exists(Article.objects.published().filter(tags=OuterRef("pk"))))


class EmbedQuerySet(models.QuerySet):
    def unavailable(self):
        return self.exclude(availability="available")

    def awaiting_capture(self):
        return self.filter(state="pending")

    def edited_after_capture(self):
        return self.filter(state="by_hand").exclude(raw_reply="")

    def playable(self):
        """Those whose original may be shown beside our copy."""
        return self.filter(choice="keep", availability="available", is_sample=False)


class SearchDocumentQuerySet(models.QuerySet):
    def visible(self, moment: dt.datetime | None = None):
        """
        Texts that readers of live articles see at this moment. What few texts belong to is asked about for those alone,
        or a database that expects many would read all of them.
        """
        from articles.models import Addendum, Embed

        moment = moment or clock.now()
        addendum = Addendum.objects.visible(moment).filter(pk=OuterRef("addendum"))
        return self.filter(
            Q(addendum=None) | Exists(addendum),
            Q(embed=None)
            | Exists(Embed.objects.filter(pk=OuterRef("embed"), choice="keep"))
            | Q(names_author=False) & Exists(Embed.objects.filter(pk=OuterRef("embed"), choice="text_only")),
            Q(quoted_in=None) | Exists(Embed.objects.filter(pk=OuterRef("quoted_in")).exclude(choice="removed")),
            article__status="published",
            article__published_at__lte=moment,
        )
