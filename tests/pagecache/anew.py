"""The site as it would be without any whole page in store: each is made anew, from the pieces of it that stand."""

from django.core.handlers.wsgi import WSGIHandler

from pagecache import stores
from pagecache.asking import Reader
from pagecache.keeping import MAKING, Making


class Anew:
    def __init__(self):
        self._reading, self._django = Reader(), WSGIHandler()
        self.making: Making | None = None  # of the page that was asked for last

    def __call__(self, environ, start_response):
        asked = self._reading.asked(environ)
        with stores.current().asked() as pages:
            self.making = Making(asked.key, asked.variant, pages.instant())
        return self._django(asked.environ(environ) | {MAKING: self.making}, start_response)
