# The site as an image: one process per container, no root, nothing written outside /srv.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ENV_FILE=/dev/null \
    STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media CACHE_URL=filecache:///srv/cache

RUN useradd --system --uid 10001 --no-create-home site \
    && install --directory --owner=site --group=site /srv/static /srv/media /srv/cache
WORKDIR /app

# The dependencies stand in a layer of their own, made anew only when the lock changes.
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt

COPY . .
USER site
# Collecting needs no secret; this one signs nothing and is in no running container.
RUN SECRET_KEY=only-to-collect-static-files BACKER_HASH_KEY=only-to-collect-static-files python manage.py collectstatic --noinput --verbosity 0

EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "deploy/check_web.py"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", \
     "antiempire.wsgi:application"]
