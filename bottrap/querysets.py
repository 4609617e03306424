"""The words in which bans and visits are asked for."""

import datetime as dt

from django.db import models

from foundation import clock


class BanQuerySet(models.QuerySet):
    def active(self):
        return self.filter(lifted="", expires_at__gt=clock.now())


class HitQuerySet(models.QuerySet):
    def since(self, moment: dt.datetime):
        return self.filter(at__gte=moment)

    def of(self, network: str):
        return self.filter(network=network)
