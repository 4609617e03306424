"""Which comments and people: the filters that more than one place needs."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from foundation import clock


class CommenterQuerySet(models.QuerySet):
    def banned(self):
        return self.filter(banned_at__isnull=False).filter(Q(banned_until=None) | Q(banned_until__gt=clock.now()))


class CommentQuerySet(models.QuerySet):
    def public(self):
        """What readers may read. Pages and feeds ask this and nothing wider; an article that is gone shows none."""
        return self.counted().filter(article__status="published", article__published_at__lte=clock.now())

    def counted(self):
        """Public below their article, whether or not that is live: what counts count, and pages of a live one show."""
        return self.filter(status="public")

    def approved(self):
        """A moderator has looked and let it stand, and nobody but its author has taken it away since."""
        # Imported here because the models import this module.
        from comments.models import Act

        looked = Act.objects.filter(comment=OuterRef("pk"), verb__in=["approve", "keep"], undone_at=None)
        return self.filter(Exists(looked), status__in=["public", "withdrawn"])

    def awaiting_moderation(self):
        """The queue: waiting, hidden after reports, or public with reports nobody has settled. Spam is kept apart."""
        return self.filter(Q(status__in=["pending", "held"]) | Q(status="public", open_reports__gt=0))

    def waiting(self):
        return self.filter(status="pending")

    def reported(self):
        """Hidden after reports, or public with reports nobody has settled."""
        return self.filter(Q(status="held") | Q(status="public", open_reports__gt=0))

    def suspected(self):
        return self.filter(status="spam")

    def oldest_first(self):
        return self.order_by("posted_at", "pk")

    def newest_first(self):
        return self.order_by("-posted_at", "-pk")
