"""Which comments and people: the filters that more than one place needs."""

from django.db import models
from django.db.models import Q

from foundation import clock


class CommenterQuerySet(models.QuerySet):
    def banned(self):
        return self.filter(banned_at__isnull=False).filter(Q(banned_until=None) | Q(banned_until__gt=clock.now()))


class CommentQuerySet(models.QuerySet):
    def public(self):
        """What readers may read. Every page, feed and count asks this and nothing wider."""
        return self.filter(status="public")

    def awaiting_moderation(self):
        """The queue: waiting, hidden after reports, or public with reports nobody has settled. Spam is kept apart."""
        return self.filter(Q(status__in=["pending", "held"]) | Q(status="public", open_reports__gt=0))

    def suspected(self):
        return self.filter(status="spam")

    def oldest_first(self):
        return self.order_by("posted_at", "pk")

    def newest_first(self):
        return self.order_by("-posted_at", "-pk")
