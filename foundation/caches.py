"""
The shared cache in Redis, which may be away: then it knows nothing and keeps nothing, and whoever asked works on. It is
asked again only after a while, so that an outage costs a request no wait, and the log tells of it once.
"""

import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

LEFT_ALONE_SECONDS = 5.0
QUICK = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1.0,
    "retry": Retry(NoBackoff(), 0),
    "health_check_interval": 30,
}


class ForgivingRedis(RedisCache):
    def __init__(self, server, params):
        params = {**params, "OPTIONS": {**QUICK, **params.get("OPTIONS", {})}}
        super().__init__(server, params)
        self._away_until = 0.0
        self._is_away = False

    def get(self, key, default=None, version=None):
        return self._ask(super().get, key, default, version, otherwise=default)

    def get_many(self, keys, version=None):
        return self._ask(super().get_many, keys, version, otherwise={})

    def set(self, key, value, *args, **options):
        return self._ask(super().set, key, value, *args, otherwise=None, **options)

    def set_many(self, data, *args, **options):
        return self._ask(super().set_many, data, *args, otherwise=[], **options)

    def add(self, key, value, *args, **options):
        """True when it cannot be known: whoever asks whether they are the first must not be kept out."""
        return self._ask(super().add, key, value, *args, otherwise=True, **options)

    def touch(self, key, *args, **options):
        return self._ask(super().touch, key, *args, otherwise=False, **options)

    def delete(self, key, version=None):
        return self._ask(super().delete, key, version, otherwise=False)

    def delete_many(self, keys, version=None):
        return self._ask(super().delete_many, keys, version, otherwise=None)

    def has_key(self, key, version=None):
        return self._ask(super().has_key, key, version, otherwise=False)

    def incr(self, key, delta=1, version=None):
        """One asked for while it is away is the first."""
        return self._ask(super().incr, key, delta, version, otherwise=delta)

    def clear(self):
        return self._ask(super().clear, otherwise=False)

    def _ask(self, question, *args, otherwise, **options):
        if self._is_away and time.monotonic() < self._away_until:
            return otherwise
        try:
            answer = question(*args, **options)
        except RedisError as error:
            self._away_until = time.monotonic() + LEFT_ALONE_SECONDS
            if not self._is_away:
                logger.error("The cache does not answer, and everything is done without it: %s", error)
            self._is_away = True
            return otherwise
        if self._is_away:
            self._is_away = False
            logger.warning("The cache answers again")
        return answer
