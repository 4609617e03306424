"""
The least that can be done, as WSGI applications under the same server as ours. `bare` hands out bytes; `minimal` is a
Django view without middleware that does so; `fragments` is such a view that asks PostgreSQL two questions about HTML
made at writing, and joins the answers. Each reads its page from the file that BENCH_PAGE names.
"""

import os
from pathlib import Path

PAGE = Path(os.environ.get("BENCH_PAGE", os.devnull))
HEADERS = [("Content-Type", "text/html; charset=utf-8")]
MARK = b"<!-- comments -->"


def bare(environ, start_response):
    start_response("200 OK", _BARE)
    return _BODY


_BODY = [PAGE.read_bytes()]
_BARE = [*HEADERS, ("Content-Length", str(len(_BODY[0])))]


def _minimal(request):
    return _told(_BODY[0])


def _fragments(request):
    """The frame of the page and the HTML of each comment, as they were written."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT head, foot FROM bench_page WHERE id = %s", [1])
        head, foot = cursor.fetchone()
        cursor.execute("SELECT html FROM bench_comment WHERE page_id = %s ORDER BY id", [1])
        return _told("".join([head, *(html for (html,) in cursor.fetchall()), foot]).encode())


def _told(body: bytes):
    """With its length, as Django's own middleware would add it."""
    from django.http import HttpResponse

    return HttpResponse(body, headers={"Content-Length": str(len(body))})


def _application(view):
    """Django with one view, one database and nothing else."""
    import django
    import environ
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import re_path

    urls = type("urls", (), {"urlpatterns": [re_path("", view)]})
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="only-for-measuring-" + "x" * 40,
        ROOT_URLCONF=urls,
        DATABASES={"default": {**environ.Env().db_url("DATABASE_URL"), "CONN_MAX_AGE": 60}},
        MIDDLEWARE=[],
    )
    django.setup()
    return WSGIHandler()


if limit := os.environ.get("BENCH_LIMIT"):
    application = _application({"minimal": _minimal, "fragments": _fragments}[limit])
else:
    application = bare
