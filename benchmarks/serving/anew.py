"""
The site as a page cache would meet it that never has the page: each request goes to Django as the front sends it there,
with nothing of its reader in it, and what is made is handed out and forgotten. What stands are the pieces of pages.
BENCH_PIECES=none leaves those out as well: then each page is made with nothing standing.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antiempire.settings")

from django.core.wsgi import get_wsgi_application

django_application = get_wsgi_application()

# After Django is set up, since they read its settings.
from pagecache import stores  # noqa: E402
from pagecache.asking import Reader  # noqa: E402
from pagecache.keeping import MAKING, Making  # noqa: E402

_reader = Reader()
_has_pieces = os.environ.get("BENCH_PIECES") != "none"


def application(environ: dict, start_response):
    asked = _reader.asked(environ)
    if asked is None:
        return django_application(environ, start_response)
    began = 0
    if _has_pieces:
        with stores.current().asked() as pages:
            began = pages.instant()
    making = Making(asked.key, asked.variant, began)
    return django_application(asked.environ(environ) | {MAKING: making}, start_response)
