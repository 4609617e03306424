# The site as an image: one process per container, no root, nothing written outside /srv. Dependencies come by the
# hashes in requirements.txt and are installed in a stage of their own, so that pip is not in what runs.
FROM python:3.13-slim AS dependencies
COPY requirements.txt .
RUN python -m venv --without-pip /venv && \
    pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
        --only-binary :all: -r requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ENV_FILE=/dev/null \
    STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media

# pg_dump and pg_restore for backups: of the same version as the database in docker-compose.yml, or newer.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home site \
    && install --directory --owner=site --group=site \
        /srv/static /srv/media /srv/pagecache /srv/front /srv/front/pages /srv/metrics /srv/backups
COPY --from=dependencies /venv /venv
WORKDIR /app
COPY . .
USER site
# Collecting needs no secret; these sign nothing and are in no running container.
RUN SECRET_KEY=only-to-collect-static-files-0123456789 BACKER_HASH_KEY=only-to-collect-static-files-9876543210 \
    ALLOWED_HOSTS=localhost python manage.py collectstatic --noinput --verbosity 0

EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=3 CMD ["python", "deploy/check_web.py"]
CMD ["python", "-m", "antiempire.serve", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
